package dev.slipway.kit.inbox;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the envelope from a record's headers (CloudEvents Kafka binding, binary mode). */
public final class EventEnvelopes {
    private EventEnvelopes() {}

    /**
     * The envelope.
     *
     * @throws IllegalArgumentException if an attribute is missing or malformed
     */
    public static EventEnvelope read(Headers headers) {
        try {
            return new EventEnvelope(
                    UUID.fromString(need(headers, "ce_id")),
                    need(headers, "ce_source"),
                    need(headers, "ce_type"),
                    need(headers, "ce_subject"),
                    Long.parseLong(need(headers, "ce_seq")),
                    Instant.parse(need(headers, "ce_time")),
                    need(headers, "ce_projectid"),
                    text(headers, "ce_traceparent"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("ce_time: " + e.getMessage(), e);
        }
    }

    private static String need(Headers headers, String name) {
        String value = text(headers, name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing (expected: a CloudEvents attribute)");
        }
        return value;
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
