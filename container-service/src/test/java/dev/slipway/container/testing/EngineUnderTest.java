package dev.slipway.container.testing;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An engine as tests see it, past the runtime that they are about; and an image on it with a stand-in for agent. */
public final class EngineUnderTest {
    private final DockerClient docker;
    private final String image = "slipway-test/agent:" + ProcessHandle.current().pid();

    /** The engine at an address such as {@code unix:///run/docker.sock}; null for the one that the environment names. */
    EngineUnderTest(@Nullable String address) {
        DefaultDockerClientConfig.Builder builder = DefaultDockerClientConfig.createDefaultConfigBuilder();
        DockerClientConfig config = address == null
                ? builder.build()
                : builder.withDockerHost(address).build();
        docker = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
    }

    /** The engine itself. */
    public DockerClient docker() {
        return docker;
    }

    /** The name of the image whose agent is {@code agent.pl}. */
    public String image() {
        return image;
    }

    /** All containers of that home, in any state. */
    public List<Container> containers(String home) {
        return docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of("dev.slipway.home=" + home))
                .exec();
    }

    /** The names of all volumes of that home. */
    public List<String> volumes(String home) {
        return docker
                .listVolumesCmd()
                .withFilter("label", List.of("dev.slipway.home=" + home))
                .exec()
                .getVolumes()
                .stream()
                .map(volume -> Objects.requireNonNull(volume.getName()))
                .toList();
    }

    /** Runs a command in a container as its user, and returns what it wrote. */
    public String exec(String containerId, String... command) throws InterruptedException {
        String id = docker.execCreateCmd(containerId)
                .withCmd(command)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .exec()
                .getId();
        StringBuilder output = new StringBuilder();
        docker.execStartCmd(id)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        output.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                    }
                })
                .awaitCompletion(1, TimeUnit.MINUTES);
        return output.toString();
    }

    /** Runs a container that does nothing, with limits that no host refuses; throws what the engine says to it. */
    void runTrue() {
        String id = docker.createContainerCmd(image)
                .withEntrypoint("/bin/true")
                .withNetworkDisabled(true)
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode("none")
                        .withUlimits(List.of(new Ulimit("nofile", 1024L, 1024L), new Ulimit("nproc", 1024L, 1024L))))
                .exec()
                .getId();
        try {
            docker.startContainerCmd(id).exec();
        } finally {
            docker.removeContainerCmd(id).withForce(true).exec();
        }
    }

    /** Removes whatever a test left. */
    public void clean(String home) {
        // The engine may still be busy with what is to go, and a service that ends may be removing it too.
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(() -> {
                    containers(home)
                            .forEach(container -> docker.removeContainerCmd(container.getId())
                                    .withForce(true)
                                    .withRemoveVolumes(true)
                                    .exec());
                    volumes(home)
                            .forEach(volume -> docker.removeVolumeCmd(volume).exec());
                    return containers(home).isEmpty() && volumes(home).isEmpty();
                });
    }

    /** Builds the image here. */
    EngineUnderTest build() {
        try {
            File folder = new File(Objects.requireNonNull(EngineUnderTest.class.getResource("/agent-image"))
                    .toURI());
            docker.buildImageCmd(folder)
                    .withTags(Set.of(image))
                    .withRemove(true)
                    .exec(new BuildImageResultCallback())
                    .awaitImageId(2, TimeUnit.MINUTES);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Takes the image from an engine that has it: its base is on that one alone. */
    EngineUnderTest takeImageFrom(EngineUnderTest other) {
        try (InputStream archive = other.docker.saveImageCmd(image).exec()) {
            docker.loadImageCmd(archive).exec();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Removes the image. */
    void forgetImage() {
        docker.removeImageCmd(image).withForce(true).exec();
    }
}
