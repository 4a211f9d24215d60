package dev.slipway.gateway.events;

import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventEnvelopes;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns records of the lifecycle topic into what clients see. */
@Singleton
class EventFrames {
    private final ObjectMapper json;

    EventFrames(ObjectMapper json) {
        this.json = json;
    }

    /** The frame; empty for events that are not for clients, and for what is not an event at all. */
    Optional<EventFrame> of(ConsumerRecord<byte[], byte[]> record) {
        EventEnvelope envelope;
        try {
            envelope = EventEnvelopes.read(record.headers());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        String name = PublicEvents.NAMES.get(envelope.type());
        if (name == null || record.value() == null) {
            return Optional.empty();
        }
        EventPosition position = new EventPosition(record.partition(), record.offset());
        // JSON has line breaks only between its tokens, where a blank does as well; a frame's line must not break.
        String data = new String(record.value(), StandardCharsets.UTF_8)
                .replace('\n', ' ')
                .replace('\r', ' ');
        String body = "{\"id\":\"" + position + "\",\"type\":\"" + name + "\",\"eventId\":\"" + envelope.id()
                + "\",\"timestamp\":\"" + envelope.time() + "\",\"resource\":"
                + text(Map.of("type", PublicEvents.resourceOf(name), "id", envelope.subject())) + ",\"data\":" + data
                + "}";
        return Optional.of(new EventFrame(
                envelope.projectId(), name, record.partition(), record.offset(), frame(position, name, body)));
    }

    byte[] frame(EventPosition position, String name, Map<String, ?> data) {
        return frame(position, name, text(data));
    }

    private static byte[] frame(EventPosition position, String name, String body) {
        return ("id: " + position + "\nevent: " + name + "\ndata: " + body + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private String text(Map<String, ?> value) {
        try {
            return json.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an event", e);
        }
    }
}
