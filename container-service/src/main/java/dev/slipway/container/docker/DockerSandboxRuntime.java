package dev.slipway.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import dev.slipway.container.runtime.Adoptions;
import dev.slipway.container.runtime.Adoptions.Adoption;
import dev.slipway.container.runtime.EngineInfo;
import dev.slipway.container.runtime.PullProgress;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxFailure;
import dev.slipway.container.runtime.SandboxImage;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRequest;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.runtime.SandboxUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes as containers. The container's name is the session's, so that the engine itself refuses a second one; changes
 * go by the container's id, so that a slow caller never touches what a faster one has put in its place.
 */
public final class DockerSandboxRuntime implements SandboxRuntime, AutoCloseable {
    /** How often the name may be found taken by somebody who is just being removed. */
    private static final int TRIES = 20;

    private static final Duration PAUSE = Duration.ofMillis(150);

    private final EngineConnection engine;
    private final ContainerViews views;
    private final CreateRequests requests;
    private final ImageStore images;
    private final Adoptions adoptions;
    private final String home;

    /** A runtime all of whose sandboxes are made for their sessions. */
    public DockerSandboxRuntime(DockerSettings settings, String home) {
        this(settings, home, Adoptions.NONE);
    }

    /** A runtime on the engine that the settings name or that is found; {@code home} tells this Slipway from others. */
    public DockerSandboxRuntime(DockerSettings settings, String home, Adoptions adoptions) {
        this.engine = new EngineConnection(EngineFinder.ofThisHost(settings));
        this.views = new ContainerViews(home, adoptions);
        this.requests = new CreateRequests(home, settings.isolation());
        this.images = new ImageStore(engine, home);
        this.adoptions = adoptions;
        this.home = home;
    }

    @Override
    public EngineInfo engine() {
        EngineConnection.Connected connected = engine.get();
        EngineCalls.settle("answer", () -> connected.requests().pingCmd().exec());
        return connected.info();
    }

    @Override
    public Sandbox ensure(SandboxRequest request) {
        SandboxName name = request.name();
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<Sandbox> present = inspect(name);
            if (present.isPresent() && present.get().generation() == request.generation()) {
                return started(present.get());
            }
            if (present.isPresent()) {
                fence(present.get(), request.generation());
                removeContainer(present.get().containerId());
            }
            if (create(request)) {
                continue;
            }
            pause();
        }
        throw new SandboxFailure.Conflict(
                "The name " + name.container() + " is taken again and again on the container engine.", null);
    }

    /** Whether it was made; false if the name is taken, by a faster caller or by one that is still being removed. */
    private boolean create(SandboxRequest request) {
        try {
            makeVolume(request);
            requests.create(docker(), request, volume(request.name()), processesMax())
                    .exec();
            return true;
        } catch (NotFoundException e) {
            throw new SandboxFailure.ImageUnavailable(
                    "The image " + request.imageId() + " is no longer on the container engine.", e);
        } catch (RuntimeException e) {
            SandboxFailure failure = EngineCalls.translate("make the sandbox", e);
            if (failure instanceof SandboxFailure.Conflict) {
                return false;
            }
            throw failure;
        }
    }

    /** Docker makes the volume with the container and labels it; Podman makes it without labels, and nobody would know it again. */
    private void makeVolume(SandboxRequest request) {
        if (isPodman() && request.mounts().data() == null) {
            try {
                EngineCalls.call(
                        "make the sandbox's volume",
                        () -> docker().createVolumeCmd()
                                .withName(volume(request.name()))
                                .withLabels(Labels.ofVolume(request, home))
                                .exec());
            } catch (SandboxFailure.Conflict _) {
                // Another call for the same sandbox has made it at this moment, with the same labels.
                return;
            }
        }
    }

    private boolean isPodman() {
        return engine.get().info().kind().equals("podman");
    }

    private @Nullable Long processesMax() {
        OptionalLong here = ProcessCeiling.here();
        return isPodman() && here.isPresent() ? here.getAsLong() : null;
    }

    private Sandbox started(Sandbox sandbox) {
        if (!(sandbox.state() instanceof Sandbox.State.Created)) {
            return sandbox;
        }
        EngineCalls.settle(
                "start the sandbox",
                () -> docker().startContainerCmd(sandbox.containerId()).exec());
        return inspectContainer(sandbox.containerId())
                .orElseThrow(() -> new SandboxFailure.NotFound("The sandbox was removed while it started.", null));
    }

    @Override
    public void bound(String containerId, SandboxBounds bounds) {
        EngineCalls.call(
                "set what the sandbox may use",
                () -> CreateRequests.update(docker(), containerId, bounds).exec());
    }

    @Override
    public Optional<Sandbox> inspect(String sessionId) {
        return inspect(new SandboxName(sessionId));
    }

    private Optional<Sandbox> inspect(SandboxName name) {
        Optional<Sandbox> found = inspectContainer(name.container())
                .or(() -> adopted(name).flatMap(warm -> inspectContainer(warm.container())));
        if (found.isPresent() && !found.get().sessionId().equals(name.sessionId())) {
            throw new SandboxFailure.Conflict(
                    "The container " + name.container() + " is not this session's. Remove it to go on.", null);
        }
        return found;
    }

    /** What the session's sandbox and its volume were called before they were the session's. */
    private Optional<SandboxName> adopted(SandboxName name) {
        return name.isWarm()
                ? Optional.empty()
                : adoptions.ofSession(name.sessionId()).map(adoption -> new SandboxName(adoption.warmId()));
    }

    private String volume(SandboxName name) {
        return adopted(name).orElse(name).volume();
    }

    private Optional<Sandbox> inspectContainer(String idOrName) {
        return EngineCalls.find(
                        "look at the sandbox",
                        () -> docker().inspectContainerCmd(idOrName).exec())
                .map(seen -> views.of(
                        seen,
                        () -> MemoryDeath.ended(
                                docker(),
                                isPodman(),
                                seen.getId(),
                                seen.getState().getFinishedAt())));
    }

    @Override
    public List<Sandbox> list() {
        List<Container> containers = EngineCalls.call(
                "list the sandboxes",
                () -> docker().listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(Labels.HOME + "=" + home, Labels.SESSION))
                        .exec());
        // The list lacks exit codes, so each is looked at; one that goes meanwhile is simply not there.
        return containers.stream()
                .map(Container::getId)
                .filter(Objects::nonNull)
                .flatMap(id -> inspectContainer(id).stream())
                .toList();
    }

    @Override
    public void stop(String sessionId, long generation, Duration grace) {
        inspect(sessionId)
                .filter(sandbox -> sandbox.generation() <= generation && sandbox.isRunning())
                .ifPresent(sandbox -> EngineCalls.settle(
                        "stop the sandbox",
                        () -> docker().stopContainerCmd(sandbox.containerId())
                                .withTimeout((int) grace.toSeconds())
                                .exec()));
    }

    @Override
    public void remove(String sessionId, long generation) {
        Optional<Sandbox> present = inspect(sessionId);
        if (present.isPresent() && present.get().generation() > generation) {
            return;
        }
        present.ifPresent(sandbox -> removeContainer(sandbox.containerId()));
        SandboxName name = new SandboxName(sessionId);
        Optional<SandboxName> adopted = adopted(name);
        if (adopted.isPresent()) {
            // A session that got one later still may have both, if a crash lay in between.
            inspectContainer(adopted.get().container()).ifPresent(sandbox -> removeContainer(sandbox.containerId()));
            removeVolume(adopted.get());
        }
        removeVolume(name);
    }

    @Override
    public void removeStrays(Instant before) {
        EngineCalls.call(
                        "list what is left over",
                        () -> docker().listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(List.of(Labels.HOME + "=" + home))
                                .exec())
                .stream()
                .filter(container -> !container.getLabels().containsKey(Labels.SESSION)
                        && container.getCreated() < before.getEpochSecond())
                .forEach(container -> removeContainer(container.getId()));
    }

    private void removeContainer(String containerId) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                EngineCalls.settle(
                        "remove the sandbox",
                        () -> docker().removeContainerCmd(containerId)
                                .withForce(true)
                                .withRemoveVolumes(true)
                                .exec());
                return;
            } catch (SandboxFailure.Conflict _) {
                // Somebody else is removing it: wait until it is gone.
                pause();
            }
        }
        throw new SandboxFailure.Unavailable("The container engine does not finish removing a sandbox.", null);
    }

    private void removeVolume(SandboxName name) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<InspectVolumeResponse> volume = EngineCalls.find(
                    "look at the sandbox's volume",
                    () -> docker().inspectVolumeCmd(name.volume()).exec());
            if (volume.isEmpty() || !home.equals(labelOf(volume.get(), Labels.HOME))) {
                return;
            }
            try {
                EngineCalls.settle(
                        "remove the sandbox's volume",
                        () -> docker().removeVolumeCmd(name.volume()).exec());
                return;
            } catch (SandboxFailure.Conflict _) {
                pause(); // in use until the engine has let go of the container
            }
        }
        throw new SandboxFailure.Unavailable(
                "The container engine keeps the volume of a removed sandbox in use.", null);
    }

    @Override
    public List<String> volumes() {
        return EngineCalls.call(
                        "list the volumes",
                        () -> docker().listVolumesCmd()
                                .withFilter("label", List.of(Labels.HOME + "=" + home))
                                .exec()
                                .getVolumes())
                .stream()
                .map(volume -> labelOf(volume, Labels.SESSION))
                .filter(session -> !session.isEmpty())
                .map(this::owner)
                .toList();
    }

    private String owner(String made) {
        return new SandboxName(made).isWarm()
                ? adoptions.ofWarm(made).map(Adoption::sessionId).orElse(made)
                : made;
    }

    @Override
    public SandboxUsage usage(String containerId) {
        return UsageProbe.of(docker(), containerId);
    }

    @Override
    public String logTail(String containerId, int lines) {
        return LogTail.of(engine.get().requests(), containerId, lines);
    }

    @Override
    public Optional<SandboxImage> image(String reference) {
        return images.find(reference);
    }

    @Override
    public SandboxImage pull(String reference, Consumer<PullProgress> progress) {
        return images.pull(reference, progress);
    }

    @Override
    public Optional<byte[]> readFile(SandboxImage image, String path) {
        return images.read(image, path);
    }

    @Override
    public AutoCloseable watch(Consumer<String> changed) {
        return EventWatch.start(engine, home, session -> changed.accept(owner(session)));
    }

    @Override
    public void close() {
        engine.close();
    }

    private DockerClient docker() {
        return engine.get().requests();
    }

    private static String labelOf(InspectVolumeResponse volume, String label) {
        return volume.getLabels() == null ? "" : volume.getLabels().getOrDefault(label, "");
    }

    private static void fence(Sandbox present, long generation) {
        if (present.generation() > generation) {
            throw new SandboxFailure.Fenced("The sandbox of generation " + generation + " is superseded by generation "
                    + present.generation() + ".");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxFailure.TimeoutUnknown("Interrupted while waiting for the container engine.", e);
        }
    }
}
