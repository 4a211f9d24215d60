package dev.slipway.container.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The engine as tests see it, past the runtime that they are about; and an image with a stand-in for agent. */
public final class TestEngine {
    private static final DockerClient DOCKER = connect();
    private static final String IMAGE = build();

    private TestEngine() {}

    /** The engine itself. */
    public static DockerClient docker() {
        return DOCKER;
    }

    /** An image whose agent is {@code agent.pl}; removed when the tests end. */
    public static String image() {
        return IMAGE;
    }

    /** All containers of that home, in any state. */
    public static List<Container> containers(String home) {
        return DOCKER.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of("dev.slipway.home=" + home))
                .exec();
    }

    /** The names of all volumes of that home. */
    public static List<String> volumes(String home) {
        return DOCKER
                .listVolumesCmd()
                .withFilter("label", List.of("dev.slipway.home=" + home))
                .exec()
                .getVolumes()
                .stream()
                .map(volume -> Objects.requireNonNull(volume.getName()))
                .toList();
    }

    /** Runs a command in a container as its user, and returns what it wrote. */
    public static String exec(String containerId, String... command) throws InterruptedException {
        String id = DOCKER.execCreateCmd(containerId)
                .withCmd(command)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .exec()
                .getId();
        StringBuilder output = new StringBuilder();
        DOCKER.execStartCmd(id)
                .exec(new ResultCallback.Adapter<Frame>() {
                    @Override
                    public void onNext(Frame frame) {
                        output.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                    }
                })
                .awaitCompletion(1, TimeUnit.MINUTES);
        return output.toString();
    }

    /** Removes whatever a test left. */
    public static void clean(String home) {
        containers(home)
                .forEach(container -> DOCKER.removeContainerCmd(container.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
        volumes(home).forEach(volume -> DOCKER.removeVolumeCmd(volume).exec());
    }

    private static DockerClient connect() {
        DockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        return DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
    }

    private static String build() {
        String tag = "slipway-test/agent:" + ProcessHandle.current().pid();
        try {
            File folder = new File(Objects.requireNonNull(TestEngine.class.getResource("/agent-image"))
                    .toURI());
            DOCKER.buildImageCmd(folder)
                    .withTags(Set.of(tag))
                    .withRemove(true)
                    .exec(new BuildImageResultCallback())
                    .awaitImageId(2, TimeUnit.MINUTES);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> DOCKER.removeImageCmd(tag).withForce(true).exec()));
        return tag;
    }
}
