package dev.slipway.container.reconcile;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.host.SessionDisks;
import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.warm.WarmPool;
import dev.slipway.container.warm.WarmStore;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is wanted with what the engine runs, and mends the difference. An engine that does not answer ends the pass
 * before anything is concluded from it.
 */
@Singleton
class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int PAGE = 500;

    private final SandboxStore store;
    private final SandboxLifecycle lifecycle;
    private final SandboxRuntime runtime;
    private final Deaths deaths;
    private final SessionDirectories directories;
    private final SessionDisks disks;
    private final WarmStore warm;
    private final WarmPool pool;
    private final SandboxSettings settings;
    private final Clock clock;

    Sweep(
            SandboxStore store,
            SandboxLifecycle lifecycle,
            SandboxRuntime runtime,
            Deaths deaths,
            SessionDirectories directories,
            SessionDisks disks,
            WarmStore warm,
            WarmPool pool,
            SandboxSettings settings,
            Clock clock) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.runtime = runtime;
        this.deaths = deaths;
        this.directories = directories;
        this.disks = disks;
        this.warm = warm;
        this.pool = pool;
        this.settings = settings;
        this.clock = clock;
    }

    /** One pass over everything. */
    void run() {
        store.findForgotten(SandboxLifecycle.JOB, PAGE).forEach(lifecycle::wake);
        Map<String, WantedSandbox> wanted = wanted();
        // In this order: a sandbox that is made after the rows were read is looked up again before anything is done to
        // it.
        List<Sandbox> real = runtime.list();
        Map<String, Sandbox> bySession = new HashMap<>();
        real.forEach(sandbox -> bySession.put(sandbox.sessionId(), sandbox));
        wanted.values().forEach(row -> judge(row, bySession.get(row.sessionId())));
        real.forEach(this::judgeReal);
        removeVolumesOfNobody(bySession.keySet());
        runtime.removeStrays(clock.instant().minus(settings.orphanGrace()));
        for (String session : warm.findLeft()) {
            runtime.remove(session, Long.MAX_VALUE);
            warm.ofSession(session).ifPresent(adoption -> removeDirectories(new SandboxName(adoption.warmId())));
            warm.forgetSession(session);
        }
    }

    private void removeDirectories(SandboxName name) {
        try {
            directories.remove(name);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("sandbox", name.sessionId())
                    .setCause(e)
                    .log("directories of nobody cannot be removed");
        }
    }

    /** Looks at one session's sandbox, after a hint that it has ended. */
    void look(String sessionId) {
        if (new SandboxName(sessionId).isWarm()) {
            pool.wake();
            return;
        }
        store.find(sessionId)
                .ifPresent(row -> judge(row, runtime.inspect(sessionId).orElse(null)));
    }

    private Map<String, WantedSandbox> wanted() {
        Map<String, WantedSandbox> all = new HashMap<>();
        String after = "";
        List<WantedSandbox> page;
        do {
            page = store.findLive(after, PAGE);
            page.forEach(row -> all.put(row.sessionId(), row));
            after = page.isEmpty() ? after : page.getLast().sessionId();
        } while (page.size() == PAGE);
        return all;
    }

    private void judge(WantedSandbox row, @Nullable Sandbox real) {
        if (!(row.state() instanceof SandboxState.Ready ready)) {
            return;
        }
        if (real == null) {
            // Looked up by itself, since the list may be older than the row.
            if (runtime.inspect(row.sessionId()).isEmpty()) {
                lifecycle.failed(
                        row,
                        new SandboxState.Failed("The sandbox was removed from the container engine.", null, false));
            }
            return;
        }
        boolean same = real.containerId().equals(ready.containerId());
        if (same && real.state() instanceof Sandbox.State.Exited exited) {
            SandboxState.Failed failed = deaths.describe(real, exited);
            LOG.atWarn()
                    .addKeyValue("sessionId", row.sessionId())
                    .addKeyValue("reason", failed.reason())
                    .log("sandbox died");
            lifecycle.failed(row, failed);
        }
    }

    private void judgeReal(Sandbox real) {
        Optional<WantedSandbox> row = store.find(real.sessionId());
        boolean kept = new SandboxName(real.sessionId()).isWarm() && warm.isKept(real.sessionId());
        if (kept) {
            return;
        }
        if (row.isEmpty() || row.get().state() instanceof SandboxState.Removed) {
            if (real.createdAt().plus(settings.orphanGrace()).isBefore(clock.instant())) {
                LOG.atWarn().addKeyValue("sessionId", real.sessionId()).log("sandbox of nobody removed");
                runtime.remove(real.sessionId(), real.generation());
                removeDisk(real.sessionId());
            }
            return;
        }
        boolean shouldStand =
                row.get().state() instanceof SandboxState.Stopped || row.get().state() instanceof SandboxState.Failed;
        if (shouldStand && real.isRunning() && real.generation() <= row.get().generation()) {
            runtime.stop(real.sessionId(), row.get().generation(), settings.stopGrace());
        }
    }

    private void removeDisk(String sessionId) {
        try {
            disks.remove(new SandboxName(sessionId));
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("sessionId", sessionId).setCause(e).log("disk of nobody cannot be removed");
        }
    }

    private void removeVolumesOfNobody(Set<String> sessionsWithSandbox) {
        for (String session : new HashSet<>(runtime.volumes())) {
            // A volume has no age of its own; only one whose session we know to be removed is surely nobody's.
            boolean removed = store.find(session)
                    .filter(row -> row.state() instanceof SandboxState.Removed)
                    .isPresent();
            if (removed && !sessionsWithSandbox.contains(session)) {
                runtime.remove(session, Long.MAX_VALUE);
            }
        }
    }
}
