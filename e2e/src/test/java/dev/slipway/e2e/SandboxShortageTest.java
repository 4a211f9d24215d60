package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A sandbox that runs out of disk or memory, or is killed: its session says which of these it was, goes on when it can, and its
 * neighbour notices nothing.
 */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SandboxShortageTest {
    private static final String LOCAL = "/api/projects/local";
    private static final long DISK_BYTES = 64L << 20;
    private static final long MEMORY_BYTES = 512L << 20;

    /**
     * An agent that does what the prompt's last such word says: fills the disk and goes on talking, takes memory, or nothing. (Earlier
     * words stand in the prompt too, once it has to be told the conversation.)
     */
    private static final String AGENT = """
            import json, sys
            def say(m): print(json.dumps({"jsonrpc": "2.0", **m}), flush=True)
            def fill():
                try:
                    with open("/data/full", "wb", buffering=0) as f:
                        for size in (65536, 512, 1):
                            try:
                                while True: f.write(b"x" * size)
                            except OSError: pass
                except OSError: pass
                for _ in range(100):
                    say({"method": "session/update", "params": {"sessionId": "s", "update": {
                        "sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": "word " * 800}}}})
            def take():
                taken = []
                while True: taken.append(bytearray(b"x") * (16 << 20))
            for line in sys.stdin:
                m = json.loads(line)
                if m.get("method") == "session/prompt":
                    text = json.dumps(m["params"]["prompt"])
                    word = max(("fill-disk", "take-memory", "do-nothing"), key=text.rfind)
                    if word == "fill-disk": fill()
                    if word == "take-memory": take()
                if "id" not in m: continue
                r = {"initialize": {"protocolVersion": 1, "agentCapabilities": {"loadSession": False}, "authMethods": []},
                     "session/new": {"sessionId": "s"}, "session/prompt": {"stopReason": "end_turn"}}.get(m.get("method"), {})
                say({"id": m["id"], "result": r})
            """;

    private Slipway slipway;
    private Api api;
    private String greedy = "unset";
    private String neighbour = "unset";

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    SandboxShortageTest() {}

    @BeforeAll
    void start() throws IOException {
        Path folder = Files.createTempDirectory("slipway-e2e");
        slipway = Slipway.start(Slipway.Shape.ONE_JVM, folder, Map.of());
        api = slipway.api();
        String workspace =
                api.workspace(Repositories.small(folder.resolve("repo")).toString());
        String agent = api.post(
                        LOCAL + "/agents",
                        Map.of("name", "greedy", "agentType", "acp", "command", List.of("python3", "-u", "-c", AGENT)))
                .expect(201)
                .path("id")
                .asText();
        greedy = session(workspace, agent);
        neighbour = session(workspace, agent);
        api.awaitSession(greedy, "ready");
        api.awaitSession(neighbour, "ready");
    }

    @AfterAll
    void stop() {
        try (Slipway _ = slipway) {
            for (String each : List.of(greedy, neighbour)) {
                api.send("DELETE", LOCAL + "/sessions/" + each, null);
                api.gone(LOCAL + "/sessions/" + each);
            }
        }
    }

    private String session(String workspace, String agent) {
        return api.session(workspace, agent, Map.of("memoryBytes", MEMORY_BYTES, "diskBytes", DISK_BYTES));
    }

    @Test
    @Order(1)
    void aFullDiskEndsTheTurnAndSaysSoAndWhenThereIsRoomAgainItGoesOn() {
        String blocks =
                in(greedy, "df -B1 --output=size /data | tail -1").orFail().strip();
        assumeTrue(
                Long.parseLong(blocks) <= DISK_BYTES,
                "the disk is not filled: this host gives sandboxes no disk of a bounded size (root and loop devices are needed)");

        String end = turn(greedy, "fill-disk");

        assertThat(end).contains("error", "The session's disk is full");
        assertThat(turn(neighbour, "do-nothing")).isEqualTo("finish");
        in(greedy, "rm /data/full").orFail();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(turn(greedy, "do-nothing")).isEqualTo("finish"));
    }

    @Test
    @Order(2)
    void anAgentThatTakesTooMuchMemoryIsEndedAndTheSessionSaysSoAndGoesOn() {
        String end = turn(greedy, "take-memory");

        assertThat(end).contains("error", "The sandbox ran out of memory");
        assertThat(turn(neighbour, "do-nothing")).isEqualTo("finish");
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(turn(greedy, "do-nothing")).isEqualTo("finish"));
    }

    @Test
    @Order(3)
    void aKilledSandboxSaysThatItWasKilledAlthoughMemoryWasShortOnceAndTheNextMessageBringsItBack() {
        Commands.docker("kill", container(greedy)).orFail();

        JsonNode failed = api.awaitSession(greedy, "error");

        assertThat(failed.path("errorMessage").asText())
                .contains("killed: from outside")
                .doesNotContain("ran out of memory");
        assertThat(turn(neighbour, "do-nothing")).isEqualTo("finish");
        assertThat(turn(greedy, "do-nothing")).isEqualTo("finish");
    }

    /** How a turn ended, and why if it says so. */
    private String turn(String session, String text) {
        try (ChatStream stream = api.chat(session, UUID.randomUUID().toString(), text)) {
            JsonNode last = stream.rest().getLast().chunk();
            String type = last.path("type").asText();
            return last.has("errorText") ? type + ": " + last.path("errorText").asText() : type;
        }
    }

    private static Commands.Result in(String session, String command) {
        return Commands.docker("exec", container(session), "sh", "-c", command);
    }

    private static String container(String session) {
        return Commands.docker("ps", "-q", "--filter", "label=dev.slipway.session=" + session)
                .orFail()
                .strip();
    }
}
