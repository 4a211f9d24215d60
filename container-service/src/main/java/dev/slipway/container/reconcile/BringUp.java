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
import org.jspecify.annotations.Nullable;

/**
 * Makes a sandbox and waits until its agent takes turns. Every step may be repeated after a crash at any point and finds
 * what the last try left.
 */
@Singleton
class BringUp {
    private final SandboxRuntime runtime;
    private final Images images;
    private final Registries registries;
    private final EgressDoors doors;
    private final SessionDirectories directories;
    private final SessionDisks disks;
    private final TrustBundle trust;
    private final ProjectShares shares;
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
        this.agents = agents;
        this.lifecycle = lifecycle;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    void run(WantedSandbox wanted) throws IOException, InterruptedException {
        Steps steps = new Steps(wanted, lifecycle, store, clock, settings.readyWithin());
        SandboxImage image = image(wanted.need(), steps);
        steps.at("creating_sandbox", null, "making the sandbox");
        prepareHost(wanted, registries.of(image));
        steps.check();
        SandboxRequest request = request(wanted, image);
        promise(wanted, request.bounds());
        Sandbox sandbox = runtime.ensure(request);
        agents.run(wanted, sandbox, steps);
        lifecycle.ready(wanted, new SandboxState.Ready(sandbox.containerId(), image.reference(), image.id()));
    }

    private SandboxImage image(SandboxSpec spec, Steps steps) {
        String chosen = spec.image();
        String reference = chosen == null || chosen.isBlank() ? settings.image() : chosen;
        return images.need(reference, progress -> {
            steps.at("pulling_image", progress.percent(), progress.message());
            steps.check();
        });
    }

    /** The proxy's socket must be there before the container: what is mounted is what lies there at its start. */
    private void prepareHost(WantedSandbox wanted, List<String> allow) throws IOException {
        SandboxName name = new SandboxName(wanted.sessionId());
        directories.prepare(name);
        EgressDoor door = doors.open(wanted, allow);
        directories.prepare(name);
        trust.write(name, door.caPem());
    }

    private SandboxRequest request(WantedSandbox wanted, SandboxImage image) throws IOException {
        SandboxName name = new SandboxName(wanted.sessionId());
        SandboxSpec spec = wanted.need();
        return new SandboxRequest(
                wanted.sessionId(),
                wanted.projectId(),
                wanted.generation(),
                image.id(),
                bounds(spec),
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
