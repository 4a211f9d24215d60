package dev.slipway.session.permission;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an agent asked. {@code params} are those of ACP's {@code session/request_permission}. */
public record PermissionRequest(
        String sessionId,
        String id,
        @Nullable String turnId,
        String title,
        Map<String, Object> params,
        String state,
        @Nullable String optionId,
        @Nullable String answeredBy,
        Instant requestedAt) {}
