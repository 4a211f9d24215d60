package dev.slipway.container.reconcile;

import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.warm.WarmPool;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everything runs on one machine and goes down together ({@code slipway.sandboxes.stop-on-shutdown} or {@code stop-marker}), sandboxes are
 * stopped with it. Elsewhere a restart of this service does not touch them.
 */
@Singleton
class Shutdown implements ApplicationEventListener<ShutdownEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final int SANDBOXES_MAX = 1000;
    private static final Duration GRACE_MAX = Duration.ofSeconds(5);

    private final SandboxStore store;
    private final SandboxLifecycle lifecycle;
    private final SandboxRuntime runtime;
    private final SandboxSettings settings;
    private final WarmPool pool;

    Shutdown(
            SandboxStore store,
            SandboxLifecycle lifecycle,
            SandboxRuntime runtime,
            SandboxSettings settings,
            WarmPool pool) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.runtime = runtime;
        this.settings = settings;
        this.pool = pool;
    }

    @Override
    public void onApplicationEvent(ShutdownEvent event) {
        if (!settings.stopsSandboxesNow()) {
            return;
        }
        // Beside the sessions, which need not wait for it, and within the same time.
        Thread closing = Thread.ofVirtual().name("pool-shutdown").start(this::closePool);
        long deadline = System.nanoTime() + settings.shutdownWithin().toNanos();
        List<Thread> stopping = new ArrayList<>();
        for (WantedSandbox sandbox : store.findLive("", SANDBOXES_MAX)) {
            if (sandbox.state() instanceof SandboxState.Ready || sandbox.state() instanceof SandboxState.Preparing) {
                stopping.add(Thread.ofVirtual().name("sandbox-shutdown").start(() -> stop(sandbox)));
            }
        }
        try {
            for (Thread one : stopping) {
                one.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
            closing.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        LOG.atInfo()
                .addKeyValue("sandboxes", stopping.size())
                .addKeyValue(
                        "unfinished", stopping.stream().filter(Thread::isAlive).count())
                .log("sandboxes stopped with the service");
    }

    private void closePool() {
        try {
            pool.close();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("sandboxes made ahead not removed; the next start's pool will");
        }
    }

    /** The row first: the work for one that is being made ends at its next step, and what it made is stopped then. */
    private void stop(WantedSandbox sandbox) {
        try {
            Duration grace = settings.stopGrace().compareTo(GRACE_MAX) < 0 ? settings.stopGrace() : GRACE_MAX;
            lifecycle.stopped(sandbox, new SandboxState.Stopped("shutdown"));
            runtime.stop(sandbox.sessionId(), sandbox.generation(), grace);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("sessionId", sandbox.sessionId())
                    .setCause(e)
                    .log("sandbox not stopped at shutdown; the next start's sweep will");
        }
    }
}
