package dev.slipway.gateway.events;

import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is new in the log, once for all viewers, and gives it to those of the event's project.
 *
 * <p>How a viewer misses nothing: it registers, and then asks {@link #position}. That is moved <em>before</em> an event is
 * given out, so an event is either below the position that the viewer saw, and in the log for it to read, or it is given to it.
 */
@Singleton
class EventTail {
    /** Before the log's end is known. */
    static final long UNKNOWN = -1;

    private static final Duration POLL = Duration.ofSeconds(1);

    private final LogFollower follower;
    private final EventFrames frames;
    private final AtomicLongArray positions = new AtomicLongArray(LifecycleEvent.PARTITIONS);
    private final Audience audience = new Audience();
    private final RecentFrames recent = new RecentFrames(LifecycleEvent.PARTITIONS);

    EventTail(LogReaders readers, EventFrames frames) {
        this.follower = new LogFollower("event-tail", readers, () -> true, this::follow);
        this.frames = frames;
        for (int i = 0; i < LifecycleEvent.PARTITIONS; i++) {
            positions.set(i, UNKNOWN);
        }
    }

    @EventListener
    void start(StartupEvent ignored) {
        follower.start();
    }

    /** The offset after the newest event that was given out, or {@link #UNKNOWN}. */
    long position(int partition) {
        return positions.get(partition);
    }

    /** What came of a project from one offset up to another (exclusive), if it is still in memory. Does not wait. */
    @Nullable
    List<EventFrame> recent(String projectId, int partition, long from, long to) {
        return recent.between(projectId, partition, from, to);
    }

    void register(String projectId, EventViewer viewer) {
        audience.add(projectId, viewer);
    }

    void unregister(String projectId, EventViewer viewer) {
        audience.remove(projectId, viewer);
    }

    /** Whether anybody watches a project. */
    boolean isWatched(String projectId) {
        return audience.isWatching(projectId);
    }

    private void follow(KafkaConsumer<byte[], byte[]> log) {
        while (follower.goesOn() && log.partitionsFor(LifecycleEvent.TOPIC).size() < LifecycleEvent.PARTITIONS) {
            follower.pause();
        }
        log.assign(LogReaders.PARTITIONS);
        seek(log, LogReaders.PARTITIONS);
        while (follower.goesOn()) {
            for (ConsumerRecord<byte[], byte[]> record : log.poll(POLL)) {
                give(record);
            }
        }
    }

    /** At the first time the end; after a failure where it left off. */
    private void seek(KafkaConsumer<byte[], byte[]> log, Collection<TopicPartition> all) {
        Map<TopicPartition, Long> ends = log.endOffsets(all);
        ends.forEach((partition, end) -> {
            positions.compareAndSet(partition.partition(), UNKNOWN, end);
            long position = positions.get(partition.partition());
            if (position > end) {
                // The log was made anew.
                positions.set(partition.partition(), end);
                position = end;
                recent.beginAt(partition.partition(), end);
            }
            recent.beginIfNew(partition.partition(), position);
            log.seek(partition, position);
        });
    }

    private void give(ConsumerRecord<byte[], byte[]> record) {
        EventFrame frame = frames.of(record).orElse(null);
        if (frame != null) {
            recent.add(frame);
        }
        positions.set(record.partition(), record.offset() + 1);
        if (frame != null) {
            audience.tell(frame);
        }
    }

    @PreDestroy
    void close() throws InterruptedException {
        follower.close();
    }
}
