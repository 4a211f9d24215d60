package dev.slipway.session.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A task as it is stored; {@code status} is {@code running}, {@code completed}, {@code failed} or {@code cancelled}. */
record Task(
        String id,
        String projectId,
        String sessionId,
        String turnId,
        String instruction,
        String status,
        Instant createdAt,
        @Nullable Instant endedAt) {}
