package dev.slipway.gateway.events;

import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventEnvelopes;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

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
        String text = "{\"id\":\"" + position + "\",\"type\":\"" + name + "\",\"eventId\":\"" + envelope.id()
                + "\",\"timestamp\":\"" + envelope.time() + "\",\"resource\":"
                + text(Map.of("type", PublicEvents.resourceOf(name), "id", envelope.subject())) + ",\"data\":" + data
                + "}";
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return Optional.of(new EventFrame(
                envelope.projectId(),
                name,
                envelope.subject(),
                record.partition(),
                record.offset(),
                body,
                sse(position.toString(), name, body)));
    }

    /** A frame of server-sent events. */
    static byte[] sse(String id, String name, byte[] body) {
        byte[] head = ("id: " + id + "\nevent: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8);
        byte[] frame = Arrays.copyOf(head, head.length + body.length + 2);
        System.arraycopy(body, 0, frame, head.length, body.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }

    /** The data of an event that the stream itself has to tell. */
    byte[] body(Map<String, ?> data) {
        return text(data).getBytes(StandardCharsets.UTF_8);
    }

    /** The data of a chunk of chat; session-service wrote the chunk itself, in one line. */
    byte[] chat(String session, String id, String chunk) {
        String tail = chunk.equals("[DONE]") ? ",\"done\":true}" : ",\"chunk\":" + chunk + "}";
        String head = text(Map.of("sessionId", session, "id", id));
        return (head.substring(0, head.length() - 1) + tail)
                .replace('\n', ' ')
                .replace('\r', ' ')
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The sessions that a client's message names; empty if it says something else. */
    Optional<Set<String>> subscription(String message) {
        try {
            Subscribe subscribe = json.readValue(message, Subscribe.class);
            List<String> sessions = subscribe == null ? null : subscribe.sessions();
            return subscribe == null || !"subscribe".equals(subscribe.type()) || sessions == null
                    ? Optional.empty()
                    : Optional.of(Set.copyOf(sessions));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    @Serdeable
    record Subscribe(@Nullable String type, @Nullable List<String> sessions) {}

    private String text(Map<String, ?> value) {
        try {
            return json.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write an event", e);
        }
    }
}
