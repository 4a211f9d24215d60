package dev.slipway.kit.inbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What surrounds an event's data: the CloudEvents attributes. {@code seq} counts the subject's events from 1. */
public record EventEnvelope(
        UUID id,
        String source,
        String type,
        String subject,
        long seq,
        Instant time,
        String projectId,
        @Nullable String traceparent) {}
