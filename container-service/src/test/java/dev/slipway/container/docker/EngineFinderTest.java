package dev.slipway.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which engine is asked first, and who may say otherwise. */
@NullMarked
class EngineFinderTest {
    private static final DockerSettings AUTO = new DockerSettings("auto", "", "runc");

    @TempDir
    Path home;

    @Test
    void onLinuxPodmanComesFirst() {
        assertThat(kinds(finder(AUTO, "Linux"))).startsWith("podman").endsWith("docker");
    }

    @Test
    void onMacosDockerComesFirst() {
        assertThat(kinds(finder(AUTO, "Mac OS X"))).startsWith("docker").endsWith("podman");
    }

    @Test
    void theUserMayNameTheKindOrTheAddress() {
        assertThat(kinds(finder(new DockerSettings("docker", "", "runc"), "Linux")))
                .containsOnly("docker");
        assertThat(finder(new DockerSettings("podman", "unix:///run/mine.sock", "runc"), "Linux")
                        .candidates())
                .containsExactly("unix:///run/mine.sock");
    }

    @Test
    void onlyPlacesWhereSomethingLiesAreAsked() throws IOException {
        Path socket = home.resolve("runtime/podman/podman.sock");
        Files.createDirectories(socket.getParent());
        Files.createFile(socket);

        assertThat(finder(new DockerSettings("podman", "", "runc"), "Linux").candidates())
                .startsWith("unix://" + socket)
                .allMatch(address -> Files.exists(Path.of(address.substring("unix://".length()))));
    }

    private EngineFinder finder(DockerSettings settings, String operatingSystem) {
        return new EngineFinder(
                settings, Map.of("XDG_RUNTIME_DIR", home.resolve("runtime").toString()), operatingSystem, home);
    }

    private static List<String> kinds(EngineFinder finder) {
        return finder.all().stream()
                .map(path -> path.toString().contains("podman") ? "podman" : "docker")
                .toList();
    }
}
