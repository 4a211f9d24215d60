package dev.slipway.gateway.project;

import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/** What a project may use at most; null for the installation's own bounds. Bytes and seconds. */
@Serdeable
record ProjectLimits(
        @Nullable @Positive Double cpus,
        @Nullable @Min(16L << 20) Long memoryBytes,
        @Nullable @Min(1L << 20) Long diskBytes,
        @Nullable @Min(16) @Max(1_000_000) Integer pids,
        @Nullable @Min(0) @Max(100_000) Integer sessions,
        @Nullable @Min(60) Long idleTimeoutSeconds,
        @Nullable @Min(60) Long ttlSeconds,
        @Nullable @Min(0) Double budgetUsd) {}
