package dev.slipway.container.testing;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine for one test class alone, with storage, sockets and processes of its own: it may be killed, and nobody else notices.
 * Its folder lies directly under {@code /tmp}, since the paths of sockets must be short.
 */
public final class PrivateEngine implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final Path folder;
    private final List<String> command;
    private final List<String> cleaning;
    private @Nullable Process process;
    private @Nullable EngineUnderTest engine;

    private PrivateEngine(Path folder, List<String> command, List<String> cleaning) {
        this.folder = folder;
        this.command = command;
        this.cleaning = cleaning;
    }

    /** Whether this test may start engines: it is root, and the program is there. */
    public static boolean canRun(String program) {
        return "root".equals(System.getProperty("user.name"))
                && Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /** A dockerd without any network, with these runtimes beside runc as {@code daemon.json} has them. */
    public static PrivateEngine docker(String runtimes) {
        try {
            Path folder = Files.createTempDirectory(Path.of("/tmp"), "sle");
            Path config = Files.writeString(folder.resolve("daemon.json"), "{\"runtimes\":" + runtimes + "}");
            return new PrivateEngine(
                            folder,
                            List.of(
                                    "dockerd",
                                    "--config-file=" + config,
                                    "--data-root=" + folder.resolve("data"),
                                    "--exec-root=" + folder.resolve("exec"),
                                    "--pidfile=" + folder.resolve("pid"),
                                    "--host=unix://" + folder.resolve("e.sock"),
                                    "--bridge=none",
                                    "--iptables=false",
                                    "--ip6tables=false"),
                            List.of())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A Podman service that can start containers; or, where none can, why. Its own choice of a runtime is {@code crun}; where that
     * cannot, as on hosts with neither systemd nor one kind of cgroups alone, {@code runc} often can.
     */
    public static PrivateEngine podman() throws CannotStartContainers, IOException {
        StringBuilder reasons = new StringBuilder();
        for (String runtime : List.of("crun", "runc")) {
            if (!canRun(runtime)) {
                reasons.append(runtime).append(": not installed; ");
                continue;
            }
            PrivateEngine podman = podman(runtime);
            try {
                podman.engine().runTrue();
                return podman;
            } catch (RuntimeException e) {
                reasons.append(runtime).append(": ").append(e.getMessage()).append("; ");
                podman.close();
            }
        }
        throw new CannotStartContainers(reasons.toString());
    }

    /** No container can be started here; says what was tried, and what came of it. */
    public static final class CannotStartContainers extends Exception {
        private static final long serialVersionUID = 1L;

        CannotStartContainers(String reasons) {
            super(reasons);
        }
    }

    private static PrivateEngine podman(String runtime) {
        try {
            Path folder = Files.createTempDirectory(Path.of("/tmp"), "sle");
            Files.writeString(folder.resolve("containers.conf"), """
                    [engine]
                    cgroup_manager = "cgroupfs"
                    events_logger = "file"
                    runtime = "%s"
                    """.formatted(runtime));
            List<String> podman = List.of(
                    "podman",
                    "--root=" + folder.resolve("data"),
                    "--runroot=" + folder.resolve("exec"),
                    "--tmpdir=" + folder.resolve("tmp"));
            return new PrivateEngine(
                            folder,
                            Stream.concat(
                                            podman.stream(),
                                            Stream.of(
                                                    "system",
                                                    "service",
                                                    "--time=0",
                                                    "unix://" + folder.resolve("e.sock")))
                                    .toList(),
                            Stream.concat(podman.stream(), Stream.of("rm", "--all", "--force", "--time=0"))
                                    .toList())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public String address() {
        return "unix://" + folder.resolve("e.sock");
    }

    /** The engine, with the tests' image on it. */
    public EngineUnderTest engine() {
        EngineUnderTest known = engine;
        if (known == null) {
            known = new EngineUnderTest(address()).takeImageFrom(TestEngine.shared());
            engine = known;
        }
        return known;
    }

    /** Starts it, on what an earlier start left, and waits until it answers. */
    public PrivateEngine start() {
        try {
            process = builder(command)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start();
            long until = System.nanoTime() + START_MAX.toNanos();
            while (!answers()) {
                if (System.nanoTime() > until || !process.isAlive()) {
                    throw new AssertionError(command.getFirst() + " does not start: " + lastWords());
                }
                Thread.sleep(50);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** {@code kill -9}; what it runs stays. */
    public void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private boolean answers() {
        try {
            new EngineUnderTest(address()).docker().pingCmd().exec();
            return true;
        } catch (RuntimeException _) {
            return false;
        }
    }

    private String lastWords() throws IOException {
        String log = Files.readString(folder.resolve("log"));
        return log.substring(Math.max(0, log.length() - 2000));
    }

    private ProcessBuilder builder(List<String> line) {
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment()
                .put("CONTAINERS_CONF", folder.resolve("containers.conf").toString());
        return builder;
    }

    /** Ends it politely, so that it ends what it started; then removes all that it kept. */
    @Override
    public void close() throws IOException {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void end() throws IOException, InterruptedException {
        EngineUnderTest known = engine;
        if (known != null && answers()) {
            for (var container :
                    known.docker().listContainersCmd().withShowAll(true).exec()) {
                known.docker()
                        .removeContainerCmd(container.getId())
                        .withForce(true)
                        .exec();
            }
        }
        if (!cleaning.isEmpty()) {
            builder(cleaning)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(30, TimeUnit.SECONDS);
        }
        Process running = process;
        if (running != null) {
            running.destroy();
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        }
        unmount();
        // What it started may end a little later than itself, and write until then.
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .ignoreExceptions()
                .until(this::isDeleted);
    }

    private boolean isDeleted() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return !Files.exists(folder);
    }

    /** What a killed engine left mounted would otherwise be emptied through its mount. */
    private void unmount() throws IOException, InterruptedException {
        List<String> mounts = Stream.of(Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8)
                        .split("\n"))
                .map(line -> line.split(" ", 6)[4])
                .filter(target -> target.startsWith(folder + "/"))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (String mount : mounts) {
            new ProcessBuilder("umount", "--lazy", mount)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        }
    }
}
