package dev.slipway.container.docker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where engines listen, in the order in which to ask them: Podman first on Linux, Docker first elsewhere. */
final class EngineFinder {
    private final DockerSettings settings;
    private final Map<String, String> environment;
    private final String operatingSystem;
    private final Path userHome;

    EngineFinder(DockerSettings settings, Map<String, String> environment, String operatingSystem, Path userHome) {
        this.settings = settings;
        this.environment = environment;
        this.operatingSystem = operatingSystem.toLowerCase(Locale.ROOT);
        this.userHome = userHome;
    }

    static EngineFinder ofThisHost(DockerSettings settings) {
        return new EngineFinder(
                settings,
                System.getenv(),
                System.getProperty("os.name", "Linux"),
                Path.of(System.getProperty("user.home", "/")));
    }

    /** Addresses as {@code unix:///path}; the one that the user names, or those whose socket is there. */
    List<String> candidates() {
        if (!settings.host().isBlank()) {
            return List.of(settings.host());
        }
        return all().stream()
                .filter(Files::exists)
                .map(path -> "unix://" + path)
                .toList();
    }

    /** Every place that is looked at. */
    List<Path> all() {
        List<Path> found = new ArrayList<>();
        boolean podmanFirst = operatingSystem.startsWith("linux");
        if (podmanFirst && wants("podman")) {
            found.addAll(podman());
        }
        if (wants("docker")) {
            found.addAll(docker());
        }
        if (!podmanFirst && wants("podman")) {
            found.addAll(podman());
        }
        return found;
    }

    private boolean wants(String kind) {
        return settings.kind().equals("auto") || settings.kind().equals(kind);
    }

    private List<Path> podman() {
        List<Path> paths = new ArrayList<>();
        String runtimeDir = environment.get("XDG_RUNTIME_DIR");
        if (runtimeDir != null && !runtimeDir.isBlank()) {
            paths.add(Path.of(runtimeDir, "podman", "podman.sock"));
        }
        paths.add(Path.of("/run/podman/podman.sock"));
        paths.add(userHome.resolve(".local/share/containers/podman/machine/podman.sock"));
        return paths;
    }

    private List<Path> docker() {
        List<Path> paths = new ArrayList<>();
        paths.add(Path.of("/var/run/docker.sock"));
        String runtimeDir = environment.get("XDG_RUNTIME_DIR");
        if (runtimeDir != null && !runtimeDir.isBlank()) {
            paths.add(Path.of(runtimeDir, "docker.sock"));
        }
        paths.add(userHome.resolve(".docker/run/docker.sock"));
        return paths;
    }
}
