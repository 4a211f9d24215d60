package dev.slipway.kit.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event on its way out. */
record OutboxRow(
        long position,
        UUID id,
        String projectId,
        String subject,
        long seq,
        String type,
        String data,
        @Nullable String traceparent,
        Instant createdAt) {}
