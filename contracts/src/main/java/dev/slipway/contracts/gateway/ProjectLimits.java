package dev.slipway.contracts.gateway;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What a project may use at most; null for the installation's own bound. The first four are the sum over the project's running
 * sandboxes. Bytes and seconds; {@code budgetUsd} is what the project's model calls may cost in a calendar month (UTC).
 */
@Serdeable
public record ProjectLimits(
        @Nullable Double cpus,
        @Nullable Long memoryBytes,
        @Nullable Long diskBytes,
        @Nullable Integer pids,
        @Nullable Integer sessions,
        @Nullable Long idleTimeoutSeconds,
        @Nullable Long ttlSeconds,
        @Nullable Double budgetUsd) {
    /** No bound but the installation's. */
    public static final ProjectLimits NONE = new ProjectLimits(null, null, null, null, null, null, null, null);
}
