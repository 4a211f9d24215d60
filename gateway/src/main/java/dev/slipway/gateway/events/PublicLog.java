package dev.slipway.gateway.events;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The log as clients see it, for those of us who read it all. */
@Singleton
public class PublicLog {
    private final LogReaders readers;
    private final EventFrames frames;

    PublicLog(LogReaders readers, EventFrames frames) {
        this.readers = readers;
        this.frames = frames;
    }

    /**
     * An event as clients get it.
     *
     * @param key names it for good: its place in the log
     * @param body JSON, in one line
     */
    public record PublicEvent(String projectId, String type, String key, Instant time, String body) {}

    /** All partitions of it. */
    public static List<TopicPartition> partitions() {
        return LogReaders.PARTITIONS;
    }

    /**
     * Somebody who reads it.
     *
     * @param turn whether it is this gateway's to read now; asked again every second until it is
     * @param work reads for as long as the follower goes on; is given a reader of nothing yet, that belongs to no group
     */
    public LogFollower follower(String name, BooleanSupplier turn, Consumer<KafkaConsumer<byte[], byte[]>> work) {
        return new LogFollower(name, readers, turn, work);
    }

    /** The event; empty for what is talk between services. */
    public Optional<PublicEvent> of(ConsumerRecord<byte[], byte[]> record) {
        return frames.of(record)
                .map(frame -> new PublicEvent(
                        frame.projectId(),
                        frame.type(),
                        frame.position().toString(),
                        Instant.ofEpochMilli(record.timestamp()),
                        new String(frame.body(), StandardCharsets.UTF_8)));
    }

    /** The names of all events that clients see. */
    public static Set<String> names() {
        return Set.copyOf(PublicEvents.NAMES.values());
    }
}
