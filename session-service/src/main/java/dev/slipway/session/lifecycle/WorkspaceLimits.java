package dev.slipway.session.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What sessions of a workspace may have at most; null for what their project allows. All but {@code sessions} bound each sandbox alone.
 * Bytes and seconds.
 *
 * @param sessions how many sessions the workspace may have
 */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
record WorkspaceLimits(
        @Nullable Double cpus,
        @Nullable Long memoryBytes,
        @Nullable Long diskBytes,
        @Nullable Integer pids,
        @Nullable Integer sessions,
        @Nullable Long idleTimeoutSeconds,
        @Nullable Long ttlSeconds) {
    static final WorkspaceLimits NONE = new WorkspaceLimits(null, null, null, null, null, null, null);

    private static final double CPUS_MAX = 4096;
    private static final long BYTES_MAX = 1L << 50;
    private static final long MEMORY_MIN = 64L << 20;
    private static final long DISK_MIN = 32L << 20;
    private static final long YEAR_SECONDS = 31_536_000;

    /** These, if each makes sense; what does not ends the request with a problem that names the field. */
    WorkspaceLimits checked() {
        if (cpus != null && !(cpus > 0 && cpus <= CPUS_MAX)) {
            throw ProblemException.invalid("cpus", cpus + " (expected: above 0, at most " + CPUS_MAX + ")");
        }
        within("memoryBytes", memoryBytes, MEMORY_MIN, BYTES_MAX);
        within("diskBytes", diskBytes, DISK_MIN, BYTES_MAX);
        within("pids", pids == null ? null : pids.longValue(), 16, 1_000_000);
        within("sessions", sessions == null ? null : sessions.longValue(), 0, 100_000);
        within("idleTimeoutSeconds", idleTimeoutSeconds, 60, YEAR_SECONDS);
        within("ttlSeconds", ttlSeconds, 60, YEAR_SECONDS);
        return this;
    }

    private static void within(String field, @Nullable Long value, long least, long most) {
        if (value != null && (value < least || value > most)) {
            throw ProblemException.invalid(field, value + " (expected: " + least + " to " + most + ")");
        }
    }

    /** Those of one sandbox. */
    SandboxLimits ofSandbox() {
        return new SandboxLimits(cpus, memoryBytes, diskBytes, pids, idleTimeoutSeconds, ttlSeconds);
    }
}
