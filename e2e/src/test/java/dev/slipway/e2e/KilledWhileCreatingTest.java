package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.e2e.EngineGate.Hold;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * container-service is killed ({@code kill -9}) while it makes eight sandboxes, each at another point of the work. All sessions become
 * ready, each with one container, one volume and one agent process, and when they are deleted nothing is left.
 */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledWhileCreatingTest {
    private static final String LOCAL = "/api/projects/local";
    /** An environment of its own, so that no sandbox made ahead will do. */
    private static final Map<String, String> OWN = Map.of("OWN", "yes");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern START = Pattern.compile("POST \\S*/containers/([0-9a-f]{64})/start .*");

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String imageRead = "image-read-" + run;
    private final String createLost = "create-lost-" + run;
    private final String createLate = "create-late-" + run;
    private final String created = "created-" + run;
    private final String startLost = "start-lost-" + run;
    private final String started = "started-" + run;
    private final String agentStarts = "agent-starts-" + run;
    private final String claimed = "claimed-" + run;
    private final List<String> ownSandbox =
            List.of(imageRead, createLost, createLate, created, startLost, started, agentStarts);

    private EngineGate gate;
    private Slipway slipway;
    private Api api;

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    KilledWhileCreatingTest() {}

    @BeforeAll
    void start() throws IOException {
        Path folder = Files.createTempDirectory("slipway-e2e");
        gate = EngineGate.at(Files.createTempDirectory(Path.of("/tmp"), "slg"));
        slipway = Slipway.start(
                Slipway.Shape.ISOLATED,
                folder,
                Map.of(
                        "DOCKER_HOST",
                        gate.address(),
                        "SLIPWAY_WARM_POOL_SIZE",
                        "1",
                        "SLIPWAY_WARM_POOL_MAX",
                        "1",
                        "SLIPWAY_SANDBOXES_SWEEP_EVERY",
                        "5s",
                        "SLIPWAY_SANDBOXES_ORPHAN_GRACE",
                        "5s"));
        api = slipway.api();
    }

    @AfterAll
    void stop() {
        try (EngineGate open = gate;
                Slipway _ = slipway) {
            open.open();
        }
    }

    @Test
    void nothingIsOrphanedOrDoubledAndEverySessionBecomesReady() throws IOException {
        String workspace = api.workspace(Repositories.small(Files.createTempDirectory(slipwayRepositories(), "repo"))
                .toString());
        String quick = agent("quick", false);
        String slow = agent("slow", true);
        await(() -> warm().size() == 1);
        ProcessHandle service = slipway.process("container-service");
        // The first session since the start looks into the image, by a container that is never started.
        gate.hold(imageRead, line -> line.matches("GET \\S*/containers/[0-9a-f]{64}/archive.*"), Hold.AFTER);
        session(imageRead, workspace, quick, Map.of("env", OWN));
        await(() -> gate.held().contains(imageRead));
        hold(createLost, "create", Hold.BEFORE_AND_LOSE);
        hold(createLate, "create", Hold.BEFORE_AND_DELIVER);
        hold(created, "create", Hold.AFTER);
        hold(startLost, "start", Hold.BEFORE_AND_LOSE);
        hold(started, "start", Hold.AFTER);
        gate.hold(claimed, line -> line.matches("POST \\S*/containers/[0-9a-f]{64}/update .*"), Hold.AFTER);

        // Another bound of processes than the one made ahead has, so that taking it includes a call of the engine.
        session(claimed, workspace, quick, Map.of("limits", Map.of("pids", 512)));
        for (String each : List.of(createLost, createLate, created, startLost, started)) {
            session(each, workspace, quick, Map.of("env", OWN));
        }
        session(agentStarts, workspace, slow, Map.of("env", OWN));
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gate.held())
                        .containsExactlyInAnyOrder(
                                imageRead, createLost, createLate, created, startLost, started, claimed));
        api.await(
                LOCAL + "/sessions/" + agentStarts,
                PATIENCE,
                session -> session.path("statusDetail").path("phase").asText().equals("starting_agent"));
        assertThat(service.destroyForcibly()).isTrue();
        await(() -> !service.isAlive());
        gate.open();
        Commands.docker("exec", containers("name=slipway-" + hash(agentStarts)).getFirst(), "touch", "/data/go")
                .orFail();

        for (String each : all()) {
            api.awaitSession(each, "ready");
        }
        for (String each : ownSandbox) {
            assertThat(containers("name=slipway-" + hash(each))).as(each).hasSize(1);
            assertThat(volumes("name=slipway-" + hash(each))).as(each).hasSize(1);
            assertThatOneAgentRunsIn(containers("name=slipway-" + hash(each)).getFirst());
        }
        // One for each session, and the next one made ahead; what was left of the look into the image has gone.
        await(() -> containers("label=dev.slipway.home=" + slipway.home).size() == all().size() + 1);
        for (String each : all()) {
            assertThat(turn(each)).as("a turn of " + each).isEqualTo("finish");
        }

        for (String each : all()) {
            api.send("DELETE", LOCAL + "/sessions/" + each, null).expect(200);
        }
        all().forEach(each -> api.gone(LOCAL + "/sessions/" + each));
        await(() -> containers("label=dev.slipway.home=" + slipway.home).size() == warm().size());
        await(() -> volumes("label=dev.slipway.home=" + slipway.home).size() == warm().size());
        assertThat(warm()).hasSizeLessThanOrEqualTo(1);
        slipway.down();
        assertThat(containers("label=dev.slipway.home=" + slipway.home)).isEmpty();
        assertThat(volumes("label=dev.slipway.home=" + slipway.home)).isEmpty();
    }

    private List<String> all() {
        return Stream.concat(ownSandbox.stream(), Stream.of(claimed)).toList();
    }

    private Path slipwayRepositories() {
        return Path.of(String.valueOf(slipway.environment().get("REPO_ALLOWLIST")));
    }

    private void hold(String session, String call, Hold hold) {
        String name = "slipway-" + hash(session);
        gate.hold(
                session,
                call.equals("create")
                        ? line -> line.matches("POST \\S*/containers/create\\?\\S*name=" + name + "\\b.*")
                        : line -> {
                            Matcher start = START.matcher(line);
                            return start.matches() && nameOf(start.group(1)).equals("/" + name);
                        },
                hold);
    }

    private String agent(String name, boolean waits) {
        return api.post(
                        LOCAL + "/agents",
                        Map.of(
                                "name",
                                name,
                                "agentType",
                                "acp",
                                "command",
                                List.of("python3", "-u", "-c", script(waits))))
                .expect(201)
                .path("id")
                .asText();
    }

    /** An agent that answers each prompt with nothing at all, and that opens a session only when it is told to if it {@code waits}. */
    private static String script(boolean waits) {
        return """
                import json, os, sys, time
                for line in sys.stdin:
                    m = json.loads(line)
                    while m.get("method") == "session/new" and %s and not os.path.exists("/data/go"): time.sleep(0.1)
                    if "id" not in m: continue
                    r = {"initialize": {"protocolVersion": 1, "agentCapabilities": {"loadSession": False}, "authMethods": []},
                         "session/new": {"sessionId": "s"}, "session/prompt": {"stopReason": "end_turn"}}.get(m.get("method"), {})
                    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}), flush=True)
                """.formatted(waits ? "True" : "False");
    }

    private void session(String id, String workspace, String agent, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("id", id);
        body.put("agentId", agent);
        api.post(LOCAL + "/workspaces/" + workspace + "/sessions", body).expect(201);
    }

    private String turn(String session) {
        try (ChatStream stream = api.chat(session, UUID.randomUUID().toString(), "hello")) {
            return stream.rest().getLast().chunk().path("type").asText();
        }
    }

    private static void assertThatOneAgentRunsIn(String container) {
        String seen = Commands.docker("exec", container, "sh", "-c", "pgrep -fc '^python3 -u -c'")
                .orFail();
        assertThat(seen.strip()).as("agent processes").isEqualTo("1");
    }

    private static String nameOf(String containerId) {
        return Commands.docker("inspect", "--format", "{{.Name}}", containerId)
                .orFail()
                .strip();
    }

    private List<String> warm() {
        return Commands.docker(
                        "ps",
                        "--filter",
                        "label=dev.slipway.home=" + slipway.home,
                        "--format",
                        "{{.Label \"dev.slipway.session\"}}")
                .orFail()
                .lines()
                .filter(session -> session.startsWith("warm:"))
                .toList();
    }

    private static List<String> containers(String filter) {
        return Commands.docker("ps", "-aq", "--filter", filter).orFail().lines().toList();
    }

    private static List<String> volumes(String filter) {
        return Commands.docker("volume", "ls", "-q", "--filter", filter)
                .orFail()
                .lines()
                .toList();
    }

    private static void await(Callable<Boolean> until) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(until);
    }

    /** As container-service names a session's things on the engine. */
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
