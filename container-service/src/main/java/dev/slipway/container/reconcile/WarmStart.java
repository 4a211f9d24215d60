package dev.slipway.container.reconcile;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.host.SessionDisks;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.warm.WarmPool;
import dev.slipway.container.warm.WarmSandbox;
import dev.slipway.container.warm.WarmStore;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a sandbox that stands ready the session's. It had no way out until now: mitm-proxy opens its door only after the directory
 * has the session's name. What goes wrong in between ends in the removal of that sandbox, and the session gets one of its own.
 */
@Singleton
class WarmStart {
    private static final Logger LOG = LoggerFactory.getLogger(WarmStart.class);

    private final WarmPool pool;
    private final WarmStore store;
    private final SandboxRuntime runtime;
    private final SessionDirectories directories;
    private final SessionDisks disks;

    WarmStart(
            WarmPool pool,
            WarmStore store,
            SandboxRuntime runtime,
            SessionDirectories directories,
            SessionDisks disks) {
        this.pool = pool;
        this.store = store;
        this.runtime = runtime;
        this.directories = directories;
        this.disks = disks;
    }

    /** What is to be done between the naming of the directories and the use of the sandbox; may be done again. */
    @FunctionalInterface
    interface Preparation {
        void run() throws IOException;
    }

    /** The session's sandbox, running and within its bounds; empty if it needs one of its own. */
    Optional<Sandbox> take(
            WantedSandbox wanted, SandboxImage image, SandboxBounds bounds, long diskBytes, Preparation prepare)
            throws IOException, InterruptedException {
        Optional<WarmSandbox> claimed = claim(wanted, image, bounds, diskBytes);
        if (claimed.isEmpty()) {
            return Optional.empty();
        }
        SandboxName name = new SandboxName(wanted.sessionId());
        directories.give(claimed.get().name(), name);
        // The engine is asked while mitm-proxy opens the door: neither needs the other, and a session waits for both.
        Beside<Optional<Sandbox>> adopting =
                Beside.start("sandbox-adoption", () -> adopt(wanted, claimed.get(), bounds));
        try {
            prepare.run();
        } finally {
            adopting.await();
        }
        Optional<Sandbox> taken = adopting.result();
        if (taken.isEmpty()) {
            runtime.remove(wanted.sessionId(), wanted.generation());
            store.forgetSession(wanted.sessionId());
        }
        return taken;
    }

    /** The next session may find one too, if this one might have. */
    void replenish(WantedSandbox wanted, SandboxImage image, SandboxBounds bounds, long diskBytes) {
        if (wanted.imageDigest() == null && fits(wanted, diskBytes)) {
            pool.replenish(image.reference(), bounds);
        } else {
            pool.wake();
        }
    }

    private Optional<WarmSandbox> claim(
            WantedSandbox wanted, SandboxImage image, SandboxBounds bounds, long diskBytes) {
        SandboxName name = new SandboxName(wanted.sessionId());
        boolean first = wanted.imageDigest() == null && !directories.has(name) && !disks.has(name);
        return first && fits(wanted, diskBytes)
                ? pool.claim(wanted.sessionId(), wanted.projectId(), wanted.generation(), image.id(), bounds)
                : pool.claimed(wanted.sessionId(), wanted.generation());
    }

    /** Its environment and its volume were there before the session; a session that wants others has to wait for its own. */
    private boolean fits(WantedSandbox wanted, long diskBytes) {
        return wanted.need().env().isEmpty() && (diskBytes == 0 || !disks.isAble());
    }

    /** Empty if it has ended or cannot be bounded as the session needs; nobody else gets it then either. */
    private Optional<Sandbox> adopt(WantedSandbox wanted, WarmSandbox warm, SandboxBounds bounds) {
        Optional<Sandbox> present = runtime.inspect(wanted.sessionId())
                .filter(sandbox -> sandbox.isRunning() && sandbox.containerId().equals(warm.containerId()));
        if (present.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("sessionId", wanted.sessionId())
                    .addKeyValue("sandbox", warm.id())
                    .log("a sandbox made ahead had ended when it was taken; the session gets a new one");
        } else if (!isWithin(warm, bounds)) {
            return bound(present.get(), warm, bounds);
        }
        return present;
    }

    /** The engine has answered just now, so what it says to this is about this sandbox. */
    private Optional<Sandbox> bound(Sandbox sandbox, WarmSandbox warm, SandboxBounds bounds) {
        try {
            runtime.bound(sandbox.containerId(), bounds);
            return Optional.of(sandbox);
        } catch (SandboxFailure e) {
            LOG.atWarn()
                    .addKeyValue("sessionId", sandbox.sessionId())
                    .addKeyValue("sandbox", warm.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("a sandbox made ahead cannot be bounded as its session needs; the session gets a new one");
            return Optional.empty();
        }
    }

    private static boolean isWithin(WarmSandbox warm, SandboxBounds bounds) {
        return warm.cpus() == bounds.cpus()
                && warm.memoryBytes() == bounds.memoryBytes()
                && warm.pids() == bounds.pids();
    }
}
