package dev.slipway.gateway.webhook;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event for one webhook.
 *
 * @param id stays the same however often it is tried; the {@code webhook-id} header
 * @param state {@code waiting}, {@code delivered}, or {@code dead} once it was given up
 * @param lastStatus what the other side answered last; null if it did not answer
 * @param lastMillis how long it took for that
 */
@Serdeable
record Delivery(
        String id,
        String eventId,
        String type,
        String state,
        int attempts,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        @Nullable Integer lastMillis,
        Instant createdAt,
        @Nullable Instant attemptedAt) {}
