package dev.slipway.gateway.project;

import dev.slipway.contracts.gateway.ProjectLimits;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/** Limits as somebody sets them, within what makes sense; what is left out goes back to the installation's own. */
@Serdeable
record NewLimits(
        @Nullable @Positive @Max(4096) Double cpus,
        @Nullable @Min(16L << 20) @Max(1L << 50) Long memoryBytes,
        @Nullable @Min(1L << 20) @Max(1L << 50) Long diskBytes,
        @Nullable @Min(16) @Max(1_000_000) Integer pids,
        @Nullable @Min(0) @Max(100_000) Integer sessions,
        @Nullable @Min(60) @Max(31_536_000) Long idleTimeoutSeconds,
        @Nullable @Min(60) @Max(31_536_000) Long ttlSeconds,
        @Nullable @Min(0) @Max(1_000_000_000) Double budgetUsd) {
    ProjectLimits limits() {
        return new ProjectLimits(
                cpus, memoryBytes, diskBytes, pids, sessions, idleTimeoutSeconds, ttlSeconds, budgetUsd);
    }
}
