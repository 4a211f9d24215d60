package dev.slipway.container.reconcile;

import dev.slipway.container.host.SessionDisks;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.runtime.SandboxUsage;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what running sandboxes use, about once a minute. */
@Singleton
class UsageLook {
    private static final Logger LOG = LoggerFactory.getLogger(UsageLook.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final int SANDBOXES_MAX = 500;

    private final SandboxStore store;
    private final SandboxRuntime runtime;
    private final SessionDisks disks;
    private final Clock clock;
    private Instant next = Instant.MIN;

    UsageLook(SandboxStore store, SandboxRuntime runtime, SessionDisks disks, Clock clock) {
        this.store = store;
        this.runtime = runtime;
        this.disks = disks;
        this.clock = clock;
    }

    void run() {
        if (clock.instant().isBefore(next)) {
            return;
        }
        next = clock.instant().plus(EVERY);
        List<Thread> looks = new ArrayList<>();
        for (WantedSandbox sandbox : store.findLive("", SANDBOXES_MAX)) {
            if (sandbox.state() instanceof SandboxState.Ready ready) {
                // Side by side: an engine takes a second or two for each.
                looks.add(Thread.ofVirtual().name("sandbox-usage").start(() -> look(sandbox, ready)));
            }
        }
        await(looks);
    }

    private static void await(List<Thread> looks) {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        try {
            for (Thread look : looks) {
                look.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(WantedSandbox sandbox, SandboxState.Ready ready) {
        try {
            SandboxUsage usage = runtime.usage(ready.containerId());
            OptionalLong disk = disks.used(new SandboxName(sandbox.sessionId()));
            store.noteUsage(
                    sandbox.sessionId(),
                    usage.cpuSeconds(),
                    usage.memoryBytes(),
                    disk.isPresent() ? disk.getAsLong() : null);
        } catch (SandboxFailure e) {
            LOG.atDebug()
                    .addKeyValue("sessionId", sandbox.sessionId())
                    .addKeyValue("reason", e.getMessage())
                    .log("a sandbox's usage is not known now");
        }
    }
}
