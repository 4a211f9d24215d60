package dev.slipway.gateway.webhook;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a project's events are told.
 *
 * @param types names of events; empty for all
 * @param secret what deliveries are signed with; only in the answer that makes the webhook
 */
@Serdeable
record Webhook(
        String id, String url, List<String> types, @Nullable String secret, String createdBy, Instant createdAt) {
    /** Many an address is a secret itself. */
    @Override
    public String toString() {
        return "Webhook[" + id + "]";
    }
}
