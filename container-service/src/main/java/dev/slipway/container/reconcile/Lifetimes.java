package dev.slipway.container.reconcile;

import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.terminal.TerminalHistory;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops sandboxes that have run for as long as they may at a stretch, and forgets rows of those removed long ago. */
@Singleton
class Lifetimes {
    private static final Logger LOG = LoggerFactory.getLogger(Lifetimes.class);
    private static final int AT_ONCE = 100;

    private final SandboxStore store;
    private final SandboxLifecycle lifecycle;
    private final SandboxRuntime runtime;
    private final TerminalHistory history;
    private final SandboxSettings settings;

    Lifetimes(
            SandboxStore store,
            SandboxLifecycle lifecycle,
            SandboxRuntime runtime,
            TerminalHistory history,
            SandboxSettings settings) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.runtime = runtime;
        this.history = history;
        this.settings = settings;
    }

    void run() {
        for (String session : store.findExpired(settings.ttl().toSeconds(), AT_ONCE)) {
            store.find(session).ifPresent(sandbox -> {
                history.copyQuietly(new SandboxName(session));
                lifecycle.stopped(sandbox, new SandboxState.Stopped("ttl"));
                LOG.atInfo().addKeyValue("sessionId", session).log("sandbox stops, its time to live is over");
                runtime.stop(session, sandbox.generation(), settings.stopGrace());
            });
        }
        int purged = store.purge(settings.forgetAfter().toSeconds());
        if (purged > 0) {
            LOG.atInfo().addKeyValue("rows", purged).log("rows of removed sandboxes forgotten");
        }
    }
}
