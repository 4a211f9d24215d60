package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What code that nobody trusts can do in a sandbox made as all are: nothing to the host, and nothing to its neighbour.
 */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SandboxWallsTest {
    private static final String LOCAL = "/api/projects/local";

    private Path folder = Path.of("unset");
    private FakeLlm model;
    private Slipway slipway;
    private Api api;
    private String attacker = "unset";
    private String neighbour = "unset";

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    SandboxWallsTest() {}

    @BeforeAll
    void start() throws IOException {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        slipway = Slipway.start(Slipway.Shape.ONE_JVM, folder, model.environment());
        api = slipway.api();
        api.post(LOCAL + "/credentials", Map.of("provider", "anthropic", "name", "a", "apiKey", model.anthropicKey))
                .expect(200);
        String workspace =
                api.workspace(Repositories.small(folder.resolve("repo")).toString());
        String agent = api.agent("claude-code");
        attacker = session(workspace, agent);
        neighbour = session(workspace, agent);
        api.awaitSession(attacker, "ready");
        api.awaitSession(neighbour, "ready");
    }

    @AfterAll
    void stop() {
        try (FakeLlm _ = model;
                Slipway _ = slipway) {
            for (String each : List.of(attacker, neighbour)) {
                api.send("DELETE", LOCAL + "/sessions/" + each, null);
                api.gone(LOCAL + "/sessions/" + each);
            }
        }
    }

    private String session(String workspace, String agent) {
        return api.session(
                workspace, agent, Map.of("cpus", 1, "memoryBytes", 1L << 30, "pids", 256, "diskBytes", 256L << 20));
    }

    @Test
    @Order(1)
    void noTryToGetOutSucceeds() throws IOException {
        AtomicInteger visitors = new AtomicInteger();
        List<String> tries;
        try (ServerSocket host = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> count(host, visitors));
            String script = Files.readString(Commands.ROOT.resolve("e2e/src/test/resources/escapes.py"));
            tries = Commands.run(
                            folder,
                            Map.of(),
                            Duration.ofMinutes(4),
                            List.of(
                                    "docker",
                                    "exec",
                                    "-i",
                                    container(attacker),
                                    "python3",
                                    "-",
                                    Integer.toString(host.getLocalPort()),
                                    inspect(neighbour, "{{.State.Pid}}"),
                                    hash(neighbour)),
                            script)
                    .orFail()
                    .lines()
                    .toList();
        }
        print(tries);

        assertThat(tries)
                .hasSizeGreaterThanOrEqualTo(45)
                .allSatisfy(line -> assertThat(line).contains("|refused|"));
        assertThat(visitors).hasValue(0);
        assertThatTheNeighbourWorks();
    }

    @Test
    @Order(2)
    void aForkBombIsBoundedItsSessionSaysWhyAndARestartEndsIt() {
        in(attacker, "timeout -s KILL 5 sh -c 'b() { b | b & b; }; b' 2>/dev/null");
        CompletableFuture<String> during = CompletableFuture.supplyAsync(() -> turn(attacker));

        assertThatTheNeighbourWorks();
        // Some bombs go out by themselves, others burn until their sandbox is replaced.
        String ended = during.completeOnTimeout("burning", 20, TimeUnit.SECONDS).join();
        assertThat(ended).matches("finish|burning|error: .*(as many processes|is started again|being started again).*");
        api.post(LOCAL + "/sessions/" + attacker + "/restart", Map.of()).expect(200);

        api.awaitSession(attacker, "ready");
        assertThat(turn(attacker)).isEqualTo("finish");
        assertThat(processes(attacker)).isLessThan(150);
    }

    private void assertThatTheNeighbourWorks() {
        assertThat(turn(neighbour)).as("the neighbour's turn").isEqualTo("finish");
    }

    /** How a turn ended, and why if it says so. */
    private String turn(String session) {
        try (ChatStream stream = api.chat(session, UUID.randomUUID().toString(), "[[script:plain text=\"noted\"]]")) {
            JsonNode last = stream.rest().getLast().chunk();
            String type = last.path("type").asText();
            return last.has("errorText") ? type + ": " + last.path("errorText").asText() : type;
        }
    }

    private static void count(ServerSocket host, AtomicInteger visitors) {
        try {
            while (true) {
                host.accept().close();
                visitors.incrementAndGet();
            }
        } catch (IOException _) {
            // Closed: the tries are over.
        }
    }

    private static void print(List<String> tries) {
        System.out.println("| try | outcome | seen |\n| --- | --- | --- |");
        tries.forEach(line -> System.out.println("| " + line.replace("|", " | ") + " |"));
    }

    private static Commands.Result in(String session, String command) {
        return Commands.docker("exec", container(session), "sh", "-c", command);
    }

    private static int processes(String session) {
        return Integer.parseInt(
                in(session, "cat /sys/fs/cgroup/pids.current /sys/fs/cgroup/pids/pids.current 2>/dev/null")
                        .output()
                        .strip());
    }

    private static String container(String session) {
        return Commands.docker("ps", "-q", "--filter", "label=dev.slipway.session=" + session)
                .orFail()
                .strip();
    }

    private static String inspect(String session, String format) {
        return Commands.docker("inspect", "--format", format, container(session))
                .orFail()
                .strip();
    }

    /** As container-service names a session's things on the host. */
    private static String hash(String session) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(session.getBytes(StandardCharsets.UTF_8)))
                    .substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
