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
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LogReaders readers;
    private final EventFrames frames;
    private final AtomicLongArray positions = new AtomicLongArray(LifecycleEvent.PARTITIONS);
    private final Audience audience = new Audience();
    private final RecentFrames recent = new RecentFrames(LifecycleEvent.PARTITIONS);
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private @Nullable Thread thread;

    EventTail(LogReaders readers, EventFrames frames) {
        this.readers = readers;
        this.frames = frames;
        for (int i = 0; i < LifecycleEvent.PARTITIONS; i++) {
            positions.set(i, UNKNOWN);
        }
    }

    @EventListener
    void start(StartupEvent ignored) {
        thread = Thread.ofPlatform().name("event-tail").daemon().start(this::run);
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

    private void run() {
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> opened = readers.open()) {
                consumer = opened;
                follow(opened);
            } catch (WakeupException _) {
                // Closing.
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("reason", e.toString()).log("event log cannot be read");
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> log) {
        List<TopicPartition> all = IntStream.range(0, LifecycleEvent.PARTITIONS)
                .mapToObj(LogReaders::partition)
                .toList();
        while (!closed && log.partitionsFor(LifecycleEvent.TOPIC).size() < LifecycleEvent.PARTITIONS) {
            pause();
        }
        log.assign(all);
        seek(log, all);
        while (!closed) {
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

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @PreDestroy
    void close() throws InterruptedException {
        closed = true;
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        if (thread != null) {
            thread.join(Duration.ofSeconds(3));
        }
    }
}
