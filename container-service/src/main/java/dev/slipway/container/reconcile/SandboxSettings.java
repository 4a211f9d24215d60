package dev.slipway.container.reconcile;

import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.contracts.session.SandboxLimits;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How sandboxes are made and ended ({@code slipway.sandboxes.*}).
 *
 * @param image what they run, unless a session names another
 * @param cpus processors, where neither session nor project says
 * @param memoryBytes memory, likewise
 * @param pids processes and threads, likewise
 * @param diskBytes size of the session's volume, likewise; 0 for no bound
 * @param openFiles file handles per process; no more than the engine itself may have
 * @param tmpBytes size of {@code /tmp}, which counts as memory
 * @param readyWithin how long a sandbox may take to become ready
 * @param idleTimeout how long one stands unused before it is stopped; zero for never
 * @param ttl how long one may run at a stretch (SESSION_TTL_SECONDS), where neither session nor project says; zero for ever
 * @param forgetAfter how long the row of a removed one is kept, so that a wish that comes late is known to be old
 * @param stopGrace between asking a sandbox to end and forcing it
 * @param orphanGrace how old a container without a wish must be to be removed
 * @param stopOnShutdown whether sandboxes are stopped when this service is
 * @param stopMarker a file that, where it is there at that moment, says the same for this once: the whole stack goes down
 * @param shutdownWithin how long that may take
 */
@ConfigurationProperties("slipway.sandboxes")
public record SandboxSettings(
        @Bindable(defaultValue = "slipway/sandbox:0.1.0") String image,
        @Bindable(defaultValue = "2") double cpus,
        @Bindable(defaultValue = "4294967296") long memoryBytes,
        @Bindable(defaultValue = "1024") int pids,
        @Bindable(defaultValue = "0") long diskBytes,
        @Bindable(defaultValue = "16384") int openFiles,
        @Bindable(defaultValue = "1073741824") long tmpBytes,
        @Bindable(defaultValue = "10m") Duration readyWithin,
        @Bindable(defaultValue = "1h") Duration idleTimeout,
        @Bindable(defaultValue = "0s") Duration ttl,
        @Bindable(defaultValue = "30d") Duration forgetAfter,
        @Bindable(defaultValue = "10s") Duration stopGrace,
        @Bindable(defaultValue = "2m") Duration orphanGrace,
        @Bindable(defaultValue = "false") boolean stopOnShutdown,
        @Bindable(defaultValue = "") String stopMarker,
        @Bindable(defaultValue = "25s") Duration shutdownWithin) {
    public SandboxSettings {
        if (image.isBlank()) {
            throw new IllegalArgumentException("slipway.sandboxes.image (CONTAINER_IMAGE): blank (expected: an image)");
        }
        if (readyWithin.isNegative() || readyWithin.isZero()) {
            throw new IllegalArgumentException("slipway.sandboxes.ready-within: " + readyWithin + " (expected: > 0s)");
        }
    }

    /** Whether sandboxes are to be stopped with the service, asked at the moment of its end. */
    boolean stopsSandboxesNow() {
        return stopOnShutdown || (!stopMarker.isBlank() && Files.exists(Path.of(stopMarker)));
    }

    /** The bounds of a sandbox: what its limits say, else what is set here. A small sandbox has a small {@code /tmp}. */
    SandboxBounds bounds(SandboxLimits limits) {
        long memory = limits.memoryBytes() == null ? memoryBytes : limits.memoryBytes();
        return new SandboxBounds(
                limits.cpus() == null ? cpus : limits.cpus(),
                memory,
                limits.pids() == null ? pids : limits.pids(),
                openFiles,
                Math.max(1024 * 1024, Math.min(tmpBytes, memory / 2)));
    }
}
