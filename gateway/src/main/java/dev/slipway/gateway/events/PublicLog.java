package dev.slipway.gateway.events;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

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

    /** A reader of nothing yet, that belongs to no group. */
    public KafkaConsumer<byte[], byte[]> open() {
        return readers.open();
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
