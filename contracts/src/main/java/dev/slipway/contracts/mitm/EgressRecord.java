package dev.slipway.contracts.mitm;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request or tunnel that left or was refused; topic {@code slipway.egress.v1}. Never holds a header, and no value of a query.
 *
 * @param credentialIds the credentials that were put on it
 */
@Serdeable
public record EgressRecord(
        String id,
        String projectId,
        String sessionId,
        Instant time,
        String scheme,
        String host,
        int port,
        @Nullable String method,
        @Nullable String path,
        String decision,
        @Nullable String rule,
        @Nullable Integer status,
        long bytesUp,
        long bytesDown,
        long durationMillis,
        @Nullable Usage usage,
        List<String> credentialIds) {
    public EgressRecord {
        credentialIds = List.copyOf(credentialIds);
    }

    /** The topic of these records, keyed by project. */
    public static final String TOPIC = "slipway.egress.v1";
}
