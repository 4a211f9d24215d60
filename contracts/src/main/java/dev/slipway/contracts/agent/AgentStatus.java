package dev.slipway.contracts.agent;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * Where the supervisor is: {@code phase} is {@code empty}, {@code cloning}, {@code starting}, {@code ready} or {@code failed}.
 */
@Serdeable
public record AgentStatus(
        String phase,
        @Nullable Integer progress,
        @Nullable String message,
        @Nullable String head,
        @Nullable String turn,
        long lastSeq) {}
