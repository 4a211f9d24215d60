package dev.slipway.contracts.session;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a sandbox; null means the service's default. Bytes and seconds.
 */
@Serdeable
public record SandboxLimits(
        @Nullable Double cpus,
        @Nullable Long memoryBytes,
        @Nullable Long diskBytes,
        @Nullable Integer pids,
        @Nullable Long idleTimeoutSeconds,
        @Nullable Long ttlSeconds) {
    /** All defaults. */
    public static final SandboxLimits DEFAULTS = new SandboxLimits(null, null, null, null, null, null);
}
