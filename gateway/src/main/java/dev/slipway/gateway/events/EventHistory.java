package dev.slipway.gateway.events;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Reads what is in the log, a slice at a time, so that a few consumers serve any number of viewers. Blocks. */
@Singleton
class EventHistory {
    private static final int READERS_MAX = 4;
    private static final int SLICE_MAX = 500;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SLICE_TIME_MAX = Duration.ofSeconds(5);

    private final LogReaders readers;
    private final EventFrames frames;
    private final Semaphore free = new Semaphore(READERS_MAX, true);
    private final Queue<KafkaConsumer<byte[], byte[]>> idle = new ConcurrentLinkedQueue<>();

    EventHistory(LogReaders readers, EventFrames frames) {
        this.readers = readers;
        this.frames = frames;
    }

    /**
     * Some events of a project, in order.
     *
     * @param from where reading began: later than asked for if the log no longer reaches back that far
     * @param next where the next slice begins
     */
    record Slice(List<EventFrame> frames, long from, long next) {}

    /** Reads from an offset on, up to another (exclusive) at most. */
    Slice read(String projectId, int partition, long from, long to) {
        return withReader(partition, reader -> {
            TopicPartition place = LogReaders.partition(partition);
            long oldest = offset(reader.beginningOffsets(List.of(place)), place);
            long start = Math.max(from, oldest);
            reader.seek(place, start);
            List<EventFrame> found = new ArrayList<>();
            long next = start;
            long deadline = System.nanoTime() + SLICE_TIME_MAX.toNanos();
            while (next < to && found.size() < SLICE_MAX && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    if (record.offset() >= to || found.size() >= SLICE_MAX) {
                        return new Slice(found, start, next);
                    }
                    next = record.offset() + 1;
                    frames.of(record)
                            .filter(frame -> frame.projectId().equals(projectId))
                            .ifPresent(found::add);
                }
                next = Math.max(next, reader.position(place));
            }
            return new Slice(found, start, next);
        });
    }

    /** The offset of the first event at or after a time; the log's end if there is none. */
    long offsetAt(int partition, Instant time) {
        return withReader(partition, reader -> {
            TopicPartition place = LogReaders.partition(partition);
            OffsetAndTimestamp found =
                    reader.offsetsForTimes(Map.of(place, time.toEpochMilli())).get(place);
            return found == null ? offset(reader.endOffsets(List.of(place)), place) : found.offset();
        });
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition place) {
        Long offset = offsets.get(place);
        if (offset == null) {
            throw new IllegalStateException(place + ": the broker gave no offset");
        }
        return offset;
    }

    private <T> T withReader(int partition, Function<KafkaConsumer<byte[], byte[]>, T> work) {
        free.acquireUninterruptibly();
        KafkaConsumer<byte[], byte[]> reader = null;
        try {
            reader = idle.poll();
            if (reader == null) {
                reader = readers.open();
            }
            reader.assign(List.of(LogReaders.partition(partition)));
            T result = work.apply(reader);
            idle.add(reader);
            reader = null;
            return result;
        } finally {
            if (reader != null) {
                // What failed may be in any state.
                reader.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
            }
            free.release();
        }
    }

    @PreDestroy
    void close() {
        for (KafkaConsumer<byte[], byte[]> reader = idle.poll(); reader != null; reader = idle.poll()) {
            reader.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }
}
