package dev.slipway.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.UpdateContainerCmd;
import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.slipway.container.runtime.SandboxBounds;
import dev.slipway.container.runtime.SandboxRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox's container may do: as little as an agent can work with. No network but loopback, no capability, no way to
 * gain one, the engine's own seccomp profile (none is named, so the default holds), an unprivileged user, a root file system
 * that cannot be written, and a bound on everything that can grow. The engine's socket is not among the mounts.
 *
 * <p>A test pins the whole request: a change here is seen there.
 */
final class CreateRequests {
    private static final String USER = "1000:1000";
    private static final long NANOS_PER_CPU = 1_000_000_000L;
    private static final long SHM_BYTES = 256L * 1024 * 1024;

    private final String home;
    private final String isolation;

    CreateRequests(String home, String isolation) {
        this.home = home;
        this.isolation = isolation;
    }

    CreateContainerCmd create(DockerClient docker, SandboxRequest request) {
        return create(docker, request, request.name().volume(), null);
    }

    /**
     * As above, with the volume of that name at {@code /data} where the request has no disk.
     *
     * @param processesMax the most processes that one user of the host may have; null to leave that to the engine
     */
    CreateContainerCmd create(DockerClient docker, SandboxRequest request, String volume, @Nullable Long processesMax) {
        CreateContainerCmd create = docker.createContainerCmd(request.imageId())
                .withName(request.name().container())
                .withUser(USER)
                .withHostName("sandbox")
                .withLabels(new TreeMap<>(Labels.ofContainer(request, home)))
                .withEnv(environment(request.environment()))
                .withNetworkDisabled(true)
                .withAttachStdin(false)
                .withTty(false)
                .withHostConfig(hostConfig(request, volume, processesMax));
        // A command is given only where the image is not ours; then its entry point must not come before it.
        return request.command().isEmpty() ? create : create.withEntrypoint(request.command());
    }

    private HostConfig hostConfig(SandboxRequest request, String volume, @Nullable Long processesMax) {
        SandboxBounds bounds = request.bounds();
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withPrivileged(false)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withIpcMode("private")
                .withCgroupnsMode("private")
                .withReadonlyRootfs(true)
                .withTmpFs(new TreeMap<>(Map.of(
                        "/tmp",
                        "rw,nosuid,nodev,exec,mode=1777,size=" + bounds.tmpBytes(),
                        "/run",
                        "rw,nosuid,nodev,noexec,mode=0755,size=16777216")))
                .withShmSize(SHM_BYTES)
                .withMounts(mounts(request, volume))
                .withMemory(bounds.memoryBytes())
                .withMemorySwap(bounds.memoryBytes())
                .withNanoCPUs(nanoCpus(bounds))
                .withPidsLimit((long) bounds.pids())
                .withUlimits(ulimits(bounds, processesMax))
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(new LogConfig(
                        LogConfig.LoggingType.JSON_FILE, new TreeMap<>(Map.of("max-size", "4m", "max-file", "2"))));
        return isolation.equals("gvisor") ? host.withRuntime("runsc") : host;
    }

    private static List<Ulimit> ulimits(SandboxBounds bounds, @Nullable Long processesMax) {
        List<Ulimit> ulimits = new ArrayList<>();
        ulimits.add(new Ulimit("nofile", (long) bounds.openFiles(), (long) bounds.openFiles()));
        ulimits.add(new Ulimit("core", 0L, 0L));
        if (processesMax != null) {
            // Counted over all sandboxes together, so never less than the host's own: the bound of one is its pids.
            ulimits.add(new Ulimit("nproc", processesMax, processesMax));
        }
        return List.copyOf(ulimits);
    }

    /** The same bounds for a container that runs already. */
    static UpdateContainerCmd update(DockerClient docker, String containerId, SandboxBounds bounds) {
        return docker.updateContainerCmd(containerId)
                .withMemory(bounds.memoryBytes())
                .withMemorySwap(bounds.memoryBytes())
                .withNanoCPUs(nanoCpus(bounds))
                .withPidsLimit((long) bounds.pids());
    }

    private static long nanoCpus(SandboxBounds bounds) {
        return (long) (bounds.cpus() * NANOS_PER_CPU);
    }

    private List<Mount> mounts(SandboxRequest request, String volume) {
        return List.of(
                bind(request.mounts().egress(), "/run/slipway/egress", true),
                bind(request.mounts().agent(), "/run/slipway/agent", false),
                bind(request.mounts().authority(), "/run/slipway/ca", true),
                data(request, volume));
    }

    private Mount data(SandboxRequest request, String volume) {
        Path disk = request.mounts().data();
        return disk != null
                ? bind(disk, "/data", false)
                : new Mount()
                        .withType(MountType.VOLUME)
                        .withSource(volume)
                        .withTarget("/data")
                        .withReadOnly(false)
                        .withVolumeOptions(
                                new VolumeOptions().withLabels(new TreeMap<>(Labels.ofVolume(request, home))));
    }

    /** A source that is missing is an error and not, as with the older form of mounts, a directory that belongs to root. */
    private static Mount bind(Path source, String target, boolean readOnly) {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(source.toAbsolutePath().toString())
                .withTarget(target)
                .withReadOnly(readOnly)
                .withBindOptions(new BindOptions().withPropagation(BindPropagation.R_PRIVATE));
    }

    private static List<String> environment(Map<String, String> environment) {
        return new TreeMap<>(environment)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList();
    }
}
