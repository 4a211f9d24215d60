package dev.slipway.container.warm;

import dev.slipway.container.agent.AgentClient;
import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.kit.lease.Leases;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps sandboxes ready: as many as the settings say and as recent starts ask for, one replica at a time. One is made only while no
 * session waits for its own, since both would want the same processors. One that fits nobody any more (its image is old, its kind is
 * no longer asked for) or that has ended is removed.
 */
@Singleton
public class WarmPool implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(WarmPool.class);
    private static final String LEASE = "warm-pool";
    private static final Duration LEASE_FOR = Duration.ofSeconds(60);
    private static final Duration BUSY_LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
    private static final Duration MADE_WITHIN = Duration.ofSeconds(40);
    private static final Duration STUCK_AFTER = MADE_WITHIN.multipliedBy(3);
    private static final Duration REHEARSAL_MAX = Duration.ofSeconds(20);
    private static final Duration AGENT_LOOK_EVERY = Duration.ofMillis(100);
    private static final int KINDS_MAX = 8;

    private final WarmStore store;
    private final WarmRecipe recipe;
    private final WarmSettings settings;
    private final SandboxRuntime runtime;
    private final SessionDirectories directories;
    private final AgentClient agents;
    private final Leases leases;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean running = true;
    private @Nullable Thread thread;

    WarmPool(
            WarmStore store,
            WarmRecipe recipe,
            WarmSettings settings,
            SandboxRuntime runtime,
            SessionDirectories directories,
            AgentClient agents,
            Leases leases) {
        this.store = store;
        this.recipe = recipe;
        this.settings = settings;
        this.runtime = runtime;
        this.directories = directories;
        this.agents = agents;
        this.leases = leases;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("warm-pool").start(this::loop);
    }

    /** Asks for a look soon. */
    public void wake() {
        wake.release();
    }

    /** A sandbox for that wish, the same again if it is asked again; none if none fits. */
    public Optional<WarmSandbox> claim(
            String sessionId, String projectId, long generation, String imageId, SandboxBounds bounds) {
        if (settings.max() == 0) {
            return store.claimed(sessionId, generation);
        }
        return store.claim(
                sessionId, projectId, generation, mold(imageId, bounds).text());
    }

    /** A start that one of that kind could serve has come to its end: the next may find one. What cannot run is never asked for here. */
    public void replenish(String image, SandboxBounds bounds) {
        if (settings.max() > 0) {
            store.wish(image, bounds.tmpBytes());
            wake();
        }
    }

    /** The sandbox that the wish was given, if it was given one. */
    public Optional<WarmSandbox> claimed(String sessionId, long generation) {
        return store.claimed(sessionId, generation);
    }

    /** Removes all that nobody has taken, and makes no more: all of this Slipway goes down. */
    public void close() {
        try {
            stop();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (WarmSandbox warm : store.findFree()) {
            store.discard(warm.id());
        }
        removeDiscarded();
    }

    private void loop() {
        while (running) {
            Duration pause = settings.lookEvery();
            try {
                if (leases.hold(LEASE, LEASE_FOR).isPresent()) {
                    pause = look();
                }
            } catch (SandboxFailure e) {
                LOG.atDebug().addKeyValue("reason", e.getMessage()).log("warm pool waits for the engine");
                pause = AFTER_FAILURE;
            } catch (InterruptedException _) {
                return;
            } catch (IOException | RuntimeException e) {
                if (running) {
                    LOG.atWarn().setCause(e).log("no sandbox made ahead, will try again");
                    pause = AFTER_FAILURE;
                }
            }
            try {
                if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /** One look; how long until the next. */
    private Duration look() throws IOException, InterruptedException {
        Map<Mold, Kind> wanted = wanted();
        discard(wanted);
        removeDiscarded();
        List<WarmSandbox> free = store.findFree();
        for (Map.Entry<Mold, Kind> kind : wanted.entrySet()) {
            String mold = kind.getKey().text();
            long present =
                    free.stream().filter(warm -> warm.mold().equals(mold)).count();
            if (present < kind.getValue().count() && free.size() < settings.max()) {
                if (store.isSomebodyWaiting()) {
                    return BUSY_LOOK_EVERY;
                }
                make(kind.getKey(), kind.getValue().bounds());
                return Duration.ZERO;
            }
        }
        return settings.lookEvery();
    }

    private record Kind(SandboxBounds bounds, int count) {}

    /** What is to be held: the configured number of the default, and of what was asked for lately one, or as many as in the last minute. */
    private Map<Mold, Kind> wanted() {
        Map<Mold, Kind> wanted = new LinkedHashMap<>();
        int left = settings.max();
        if (settings.size() > 0) {
            left -= want(wanted, recipe.image(), recipe.bounds(), settings.size());
        }
        for (Demand demand : store.demand(settings.keep().toSeconds(), KINDS_MAX)) {
            if (left > 0) {
                SandboxBounds all = recipe.bounds();
                SandboxBounds bounds = new SandboxBounds(
                        all.cpus(), all.memoryBytes(), all.pids(), all.openFiles(), demand.tmpBytes());
                left -= want(wanted, demand.image(), bounds, Math.min(left, Math.max(1, demand.lastMinute())));
            }
        }
        return wanted;
    }

    /** How many more are wanted by this. */
    private int want(Map<Mold, Kind> wanted, String image, SandboxBounds bounds, int count) {
        Optional<String> imageId = recipe.imageId(image);
        if (imageId.isEmpty()) {
            return 0;
        }
        Mold mold = mold(imageId.get(), bounds);
        Kind before = wanted.get(mold);
        int already = before == null ? 0 : before.count();
        wanted.put(mold, new Kind(bounds, Math.max(already, count)));
        return Math.max(0, count - already);
    }

    private Mold mold(String imageId, SandboxBounds bounds) {
        return new Mold(
                imageId,
                bounds.tmpBytes(),
                bounds.openFiles(),
                recipe.isolation(),
                directories.runDir().toString(),
                recipe.version());
    }

    private void discard(Map<Mold, Kind> wanted) {
        store.discardStuck(STUCK_AFTER.toSeconds());
        Map<String, Integer> counts = new HashMap<>();
        wanted.forEach((mold, kind) -> counts.put(mold.text(), kind.count()));
        List<WarmSandbox> free = store.findFree();
        // More than are wanted of a kind, as after many starts at once, may stay unless they take the place of others.
        boolean lacking = counts.entrySet().stream()
                .anyMatch(each -> free.stream()
                                .filter(warm -> warm.mold().equals(each.getKey())
                                        && !warm.state().equals("discarded"))
                                .count()
                        < each.getValue());
        Map<String, Integer> keptOf = new HashMap<>();
        int kept = 0;
        for (WarmSandbox warm : free) {
            if (!warm.state().equals("ready")) {
                continue;
            }
            int already = keptOf.getOrDefault(warm.mold(), 0);
            Integer count = counts.get(warm.mold());
            boolean useful = count != null && kept < settings.max() && (!lacking || already < count) && lives(warm);
            if (useful) {
                kept++;
                keptOf.put(warm.mold(), already + 1);
            } else if (store.discard(warm.id())) {
                LOG.atInfo().addKeyValue("sandbox", warm.id()).log("a sandbox made ahead is of no use any more");
            }
        }
    }

    private boolean lives(WarmSandbox warm) {
        try {
            return runtime.inspect(warm.id())
                    .filter(sandbox ->
                            sandbox.isRunning() && sandbox.containerId().equals(warm.containerId()))
                    .isPresent();
        } catch (SandboxFailure.Conflict _) {
            // A session has taken it at this moment, so it is that session's to look at.
            return true;
        }
    }

    private void removeDiscarded() {
        for (WarmSandbox warm : store.findFree()) {
            if (warm.state().equals("discarded")) {
                try {
                    runtime.remove(warm.id(), Long.MAX_VALUE);
                    directories.remove(warm.name());
                    store.forget(warm.id());
                } catch (SandboxFailure | IOException e) {
                    LOG.atWarn()
                            .addKeyValue("sandbox", warm.id())
                            .addKeyValue("reason", e.getMessage())
                            .log("a sandbox made ahead is not removed, will try again");
                }
            }
        }
    }

    private void make(Mold mold, SandboxBounds bounds) throws IOException, InterruptedException {
        SandboxName name = SandboxName.warm(UUID.randomUUID());
        long begun = System.nanoTime();
        store.making(name.sessionId(), mold.text(), bounds);
        try {
            directories.prepare(name);
            Sandbox made = runtime.ensure(recipe.request(name, mold.imageId(), bounds));
            awaitAgent(name, begun);
            rehearse(name);
            store.ready(name.sessionId(), made.containerId());
            LOG.atInfo()
                    .addKeyValue("sandbox", name.sessionId())
                    .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
                    .log("sandbox made ahead");
        } catch (SandboxFailure e) {
            LOG.atWarn()
                    .addKeyValue("image", mold.imageId())
                    .addKeyValue("reason", e.getMessage())
                    .log("a sandbox cannot be made ahead, will try again");
            store.discard(name.sessionId());
            throw e;
        } catch (IOException | InterruptedException | RuntimeException e) {
            store.discard(name.sessionId());
            throw e;
        }
    }

    /** The agent listens, which also means that its program is loaded by now. */
    private void awaitAgent(SandboxName name, long begun) throws IOException, InterruptedException {
        while (true) {
            try {
                agents.status(name);
                return;
            } catch (IOException e) {
                if (System.nanoTime() - begun > MADE_WITHIN.toNanos()) {
                    throw new IOException("the agent of a sandbox made ahead does not answer", e);
                }
                Thread.sleep(AGENT_LOOK_EVERY);
            }
        }
    }

    /** One whose agent cannot rehearse is as good, only slower when its session comes. */
    private void rehearse(SandboxName name) {
        try {
            agents.rehearse(name, REHEARSAL_MAX);
        } catch (IOException e) {
            LOG.atDebug()
                    .addKeyValue("sandbox", name.sessionId())
                    .addKeyValue("reason", e.getMessage())
                    .log("no rehearsal in a sandbox made ahead");
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        running = false;
        Thread looking = thread;
        if (looking != null) {
            looking.interrupt();
            looking.join(Duration.ofSeconds(5));
            leases.release(LEASE);
        }
    }
}
