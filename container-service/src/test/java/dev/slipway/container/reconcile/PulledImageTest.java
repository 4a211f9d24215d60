package dev.slipway.container.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.container.testing.TestEngine;
import dev.slipway.contracts.session.Desired;
import dev.slipway.kit.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image that is not on the engine comes from its registry, here Debian's docker-registry, and the session says how far it is. */
@NullMarked
@Tag("engine")
class PulledImageTest {
    private static final int BYTES = 60 << 20;

    @TempDir
    Path folder;

    private final String session = "s-" + UUID.randomUUID();
    private Process registry;
    private String reference = "";

    @BeforeEach
    void start() throws Exception {
        int port = FreePorts.any();
        Path configuration = Files.writeString(
                folder.resolve("registry.yml"),
                "version: 0.1\nlog: {level: error}\nstorage:\n  filesystem: {rootdirectory: "
                        + folder.resolve("storage") + "}\nhttp: {addr: '127.0.0.1:" + port + "'}\n");
        registry = new ProcessBuilder("docker-registry", "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> isListening(port));
        reference = "127.0.0.1:" + port + "/sandboxes/pulled:1";
    }

    @AfterEach
    void end() throws Exception {
        registry.destroy();
        registry.waitFor();
    }

    @Test
    void aSessionSaysHowFarThePullIsAndThenRunsWhatWasPulled() throws Exception {
        try {
            push();
            pull();
        } finally {
            docker("rmi", "-f", reference);
        }
    }

    private void pull() throws Exception {
        try (ServiceUnderTest service = new ServiceUnderTest(Map.of("slipway.sandboxes.image", reference))) {
            service.want(session, 1, Desired.RUNNING, Map.of());

            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() ->
                            assertThat(service.told(session)).anyMatch(event -> event.startsWith("sandbox.ready.v1")));
            assertThat(service.told(session))
                    .anyMatch(event -> event.matches("(?s).*\"phase\":\"pulling_image\",\"progress\":(\\d+),"
                            + "\"message\":\"pulling image, \\1 %\".*"))
                    .last()
                    .asString()
                    .contains("\"image\":\"" + reference + "\"");
        }
    }

    @Test
    void anImageThatTheRegistryDoesNotHaveIsNamed() throws Exception {
        try (ServiceUnderTest service = new ServiceUnderTest(Map.of("slipway.sandboxes.image", reference))) {
            service.want(session, 1, Desired.RUNNING, Map.of());

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(service.told(session))
                            .anyMatch(event -> event.contains("The image " + reference + " cannot be fetched")));
        }
    }

    /** The image of the tests with one layer more, which no engine can have already; afterwards only the registry has it. */
    private void push() throws Exception {
        byte[] content = new byte[BYTES];
        new Random().nextBytes(content);
        Path file = Files.write(folder.resolve("content"), content);
        String container = docker("create", TestEngine.image()).strip();
        try {
            docker("cp", file.toString(), container + ":/content");
            docker("commit", container, reference);
        } finally {
            docker("rm", "-v", container);
        }
        docker("push", "-q", reference);
        docker("rmi", reference);
    }

    private String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("docker.out");
        Path complained = folder.resolve("docker.err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(said.toFile())
                .redirectError(complained.toFile())
                .start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("%s: ended", command).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", command, Files.readString(complained))
                .isZero();
        return Files.readString(said);
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }
}
