package dev.slipway.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which engine {@code ./slipway} takes where both answer. */
class EngineChoiceTest {
    private static final byte[] PONG =
            "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK".getBytes(StandardCharsets.US_ASCII);

    private Path folder = Path.of("unset");
    private ServerSocketChannel podman;
    private ServerSocketChannel docker;

    @SuppressWarnings("NullAway.Init") // the sockets are there before each test
    EngineChoiceTest() {}

    @BeforeEach
    void start() throws IOException {
        assumeTrue(System.getProperty("os.name").startsWith("Linux"), "the order is another elsewhere");
        // Directly under /tmp, since the paths of sockets must be short.
        folder = Files.createTempDirectory(Path.of("/tmp"), "slc");
        Files.createDirectories(folder.resolve("run/podman"));
        Files.createDirectories(folder.resolve("home"));
        podman = answering(folder.resolve("run/podman/podman.sock"));
        docker = answering(folder.resolve("run/docker.sock"));
    }

    @AfterEach
    void stop() throws IOException {
        podman.close();
        docker.close();
    }

    @Test
    void onLinuxPodmanComesFirstUnlessSomebodySaysOtherwise() throws Exception {
        assertThat(choice(Map.of())).endsWith("podman.sock podman");
        assertThat(choice(Map.of("SLIPWAY_ENGINE", "docker"))).endsWith("docker.sock docker");
        assertThat(choice(Map.of("DOCKER_HOST", "unix://" + folder.resolve("run/docker.sock"))))
                .endsWith("docker.sock docker");
    }

    @Test
    void aHomeStaysWithTheEngineThatItBeganWithAndAChangeIsSaid() throws Exception {
        choice(Map.of("SLIPWAY_ENGINE", "docker"));

        assertThat(choice(Map.of())).endsWith("docker.sock docker").doesNotContain("from now on");
        assertThat(choice(Map.of("SLIPWAY_ENGINE", "podman")))
                .contains("Sandboxes run on podman from now on; what docker has of earlier sessions stays there")
                .endsWith("podman.sock podman");
    }

    @Test
    void oneThatDoesNotAnswerIsPassedOver() throws Exception {
        podman.close();

        assertThat(choice(Map.of())).endsWith("docker.sock docker");
    }

    private String choice(Map<String, String> environment) throws Exception {
        Path root = Path.of("..").toAbsolutePath().normalize();
        ProcessBuilder bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "set -euo pipefail; root=" + root
                                + "; . $root/build-tools/common.sh; . $root/build-tools/engine.sh;"
                                + " find_engine; echo \"$DOCKER_HOST $(cat $home/engine 2>/dev/null || echo docker)\"")
                .redirectErrorStream(true);
        bash.environment().keySet().removeAll(java.util.List.of("DOCKER_HOST", "SLIPWAY_ENGINE"));
        bash.environment().put("SLIPWAY_HOME", folder.resolve("home").toString());
        bash.environment().put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
        bash.environment().put("JAVA_HOME", System.getProperty("java.home"));
        bash.environment().putAll(environment);
        Process process = bash.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }

    /** Answers {@code GET /_ping} as engines do. */
    private static ServerSocketChannel answering(Path socket) throws IOException {
        ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    try (SocketChannel caller = server.accept()) {
                        caller.read(ByteBuffer.allocate(1024));
                        caller.write(ByteBuffer.wrap(PONG));
                    }
                }
            } catch (IOException _) {
                // Closed: nobody answers any more.
            }
        });
        return server;
    }
}
