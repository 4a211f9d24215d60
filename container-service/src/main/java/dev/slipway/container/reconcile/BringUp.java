package dev.slipway.container.reconcile;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.host.SessionDisks;
import dev.slipway.container.host.TrustBundle;
import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.limits.LimitReachedException;
import dev.slipway.container.limits.ProjectShares;
import dev.slipway.container.limits.Share;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRequest;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.contracts.session.SandboxSpec;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a sandbox and waits until its agent takes turns. Every step may be repeated after a crash at any point and finds
 * what the last try left.
 */
@Singleton
class BringUp {
    private static final Logger LOG = LoggerFactory.getLogger(BringUp.class);

    private final SandboxRuntime runtime;
    private final Images images;
    private final Registries registries;
    private final EgressDoors doors;
    private final SessionDirectories directories;
    private final SessionDisks disks;
    private final TrustBundle trust;
    private final ProjectShares shares;
    private final WarmStart warm;
    private final AgentStart agents;
    private final SandboxLifecycle lifecycle;
    private final SandboxStore store;
    private final SandboxSettings settings;
    private final Clock clock;

    BringUp(
            SandboxRuntime runtime,
            Images images,
            Registries registries,
            EgressDoors doors,
            SessionDirectories directories,
            SessionDisks disks,
            TrustBundle trust,
            ProjectShares shares,
            WarmStart warm,
            AgentStart agents,
            SandboxLifecycle lifecycle,
            SandboxStore store,
            SandboxSettings settings,
            Clock clock) {
        this.runtime = runtime;
        this.images = images;
        this.registries = registries;
        this.doors = doors;
        this.directories = directories;
        this.disks = disks;
        this.trust = trust;
        this.shares = shares;
        this.warm = warm;
        this.agents = agents;
        this.lifecycle = lifecycle;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    void run(WantedSandbox wanted) throws IOException, InterruptedException {
        Steps steps = new Steps(wanted, lifecycle, store, clock, settings.readyWithin());
        long begun = System.nanoTime();
        SandboxImage image = image(wanted.need(), steps);
        SandboxBounds bounds = bounds(wanted.need());
        steps.at("creating_sandbox", null, "making the sandbox");
        promise(wanted, bounds);
        List<String> allow = registries.of(image);
        Optional<Sandbox> taken =
                warm.take(wanted, image, bounds, diskBytes(wanted.need()), () -> prepareHost(wanted, allow));
        Sandbox sandbox = taken.isPresent() ? taken.get() : make(wanted, image, bounds, allow);
        agents.run(wanted, sandbox, steps);
        lifecycle.ready(wanted, new SandboxState.Ready(sandbox.containerId(), image.reference(), image.id()));
        // Not before: what is made for the next one would take this one's processors.
        warm.replenish(wanted, image, bounds, diskBytes(wanted.need()));
        LOG.atInfo()
                .addKeyValue("sessionId", wanted.sessionId())
                .addKeyValue("warm", taken.isPresent())
                .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
                .log("sandbox ready");
    }

    /**
     * The engine works while mitm-proxy opens the door: the directories are there before both, and nothing runs through it yet. One that
     * may have stood before has its session on its volume and needs the door at once, so the door comes first.
     */
    private Sandbox make(WantedSandbox wanted, SandboxImage image, SandboxBounds bounds, List<String> allow)
            throws IOException, InterruptedException {
        SandboxName name = new SandboxName(wanted.sessionId());
        boolean stoodBefore = wanted.imageDigest() != null || directories.has(name);
        directories.prepare(name);
        SandboxRequest request = request(wanted, image, bounds);
        if (stoodBefore) {
            prepareHost(wanted, allow);
            return runtime.ensure(request);
        }
        Beside<Sandbox> making = Beside.start("sandbox-making", () -> runtime.ensure(request));
        try {
            prepareHost(wanted, allow);
        } finally {
            making.await();
        }
        return making.result();
    }

    private SandboxImage image(SandboxSpec spec, Steps steps) {
        String chosen = spec.image();
        String reference = chosen == null || chosen.isBlank() ? settings.image() : chosen;
        return images.need(reference, progress -> {
            steps.at("pulling_image", progress.percent(), progress.message());
            steps.check();
        });
    }

    /** The door and the certificates. The directories must be there before the container, what lies in them only before its use. */
    private void prepareHost(WantedSandbox wanted, List<String> allow) throws IOException {
        SandboxName name = new SandboxName(wanted.sessionId());
        directories.prepare(name);
        EgressDoor door = doors.open(wanted, allow);
        trust.write(name, door.caPem());
    }

    private SandboxRequest request(WantedSandbox wanted, SandboxImage image, SandboxBounds bounds) throws IOException {
        SandboxName name = new SandboxName(wanted.sessionId());
        SandboxSpec spec = wanted.need();
        return new SandboxRequest(
                wanted.sessionId(),
                wanted.projectId(),
                wanted.generation(),
                image.id(),
                bounds,
                EgressEnvironment.with(spec.env()),
                new SandboxRequest.Mounts(
                        directories.egress(name),
                        directories.agent(name),
                        directories.authority(name),
                        disk(name, spec)),
                List.of());
    }

    /** A disk of its own where the size is bounded and this host can; who has an ordinary volume already keeps it. */
    private @Nullable Path disk(SandboxName name, SandboxSpec spec) throws IOException {
        long bytes = diskBytes(spec);
        boolean wanted = disks.isAble() && bytes > 0 && !runtime.volumes().contains(name.sessionId());
        return wanted || disks.has(name) ? disks.prepare(name, bytes) : null;
    }

    private long diskBytes(SandboxSpec spec) {
        Long own = spec.limits().diskBytes();
        return own == null ? settings.diskBytes() : own;
    }

    private void promise(WantedSandbox wanted, SandboxBounds bounds) {
        Share share = new Share(bounds.cpus(), bounds.memoryBytes(), diskBytes(wanted.need()), bounds.pids());
        try {
            shares.promise(wanted.projectId(), wanted.sessionId(), wanted.generation(), share);
        } catch (LimitReachedException e) {
            throw new SandboxBrokenException(new SandboxState.Failed(String.valueOf(e.getMessage()), null, false));
        }
    }

    private SandboxBounds bounds(SandboxSpec spec) {
        try {
            return settings.bounds(spec.limits());
        } catch (IllegalArgumentException e) {
            throw new SandboxBrokenException(
                    new SandboxState.Failed("The sandbox's limits make no sense: " + e.getMessage(), null, false));
        }
    }
}
