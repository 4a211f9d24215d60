package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a user does with a session beside talking to its agent: terminal, files, previews, commands, usage, an unattended task. */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AroundTheChatTest {
    private static final String LOCAL = "/api/projects/local";

    private Path folder = Path.of("unset");
    private FakeLlm model;
    private Slipway slipway;
    private Api api;
    private String workspace = "unset";
    private String session = "unset";

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    AroundTheChatTest() {}

    @BeforeAll
    void start() throws IOException {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        java.util.Map<String, String> environment = new java.util.HashMap<>(model.environment());
        environment.put("CMD_ALLOWLIST", "git status *,ls");
        slipway = Slipway.start(Slipway.Shape.ISOLATED, folder, environment);
        api = slipway.api();
        api.post(LOCAL + "/credentials", Map.of("provider", "anthropic", "name", "a", "apiKey", model.anthropicKey))
                .expect(200);
        workspace = api.workspace(Repositories.small(folder.resolve("repo")).toString());
        session = api.session(workspace, api.agent("claude-code"));
        api.awaitSession(session, "ready");
    }

    @AfterAll
    void stop() {
        try (FakeLlm _ = model;
                Slipway _ = slipway) {
            for (JsonNode each : api.get(LOCAL + "/sessions").expect(200).path("sessions")) {
                String id = each.path("id").asText();
                api.send("DELETE", LOCAL + "/sessions/" + id, null);
                api.gone(LOCAL + "/sessions/" + id);
            }
        }
    }

    @Test
    void aTerminalOutlivesItsViewersAndTheServiceThatServesIt() {
        try (TerminalClient first = TerminalClient.open(slipway.url(), session, 0)) {
            first.type("for i in $(seq 1 3000); do echo \"line $i of many\"; done; echo half-$((1+1))\n");
            first.await(output -> output.contains("half-2"));
        }
        slipway.kill("container-service");

        String all;
        try (TerminalClient second = retrying(0)) {
            second.type("for i in $(seq 3001 6000); do echo \"line $i of many\"; done; echo whole-$((1+2))\n");
            second.await(output -> output.contains("whole-3"));
            all = second.output();
        }

        List<String> lines = all.lines()
                .map(String::strip)
                .filter(line -> line.matches("line \\d+ of many"))
                .toList();
        assertThat(lines).hasSize(6000).doesNotHaveDuplicates();
        assertThat(lines.getFirst()).isEqualTo("line 1 of many");
        assertThat(lines.getLast()).isEqualTo("line 6000 of many");
        assertThat(api.get(LOCAL + "/sessions/" + session + "/terminal/status").status())
                .isEqualTo(200);
    }

    @Test
    void aViewerThatComesBackGetsExactlyTheRest() {
        String other = api.session(workspace, api.agent("claude-code"));
        // Opened while the sandbox starts.
        try (TerminalClient steady = TerminalClient.open(slipway.url(), other, 0)) {
            TerminalClient leaving = TerminalClient.open(slipway.url(), other, 0);
            steady.type("for i in $(seq 1 10000); do echo \"number $i äöü\"; done; echo done-$((3+4))\n");
            leaving.await(output -> output.contains("number 2000 "));
            leaving.close();
            String seen = leaving.output();
            try (TerminalClient back = TerminalClient.open(slipway.url(), other, leaving.lastSeq())) {
                // On a quick machine all of it may have come before the first one left.
                back.await(output -> (seen + output).contains("done-7"));
                steady.await(output -> output.contains("done-7"));

                org.awaitility.Awaitility.await()
                        .untilAsserted(() -> assertThat(seen + back.output()).isEqualTo(steady.output()));
            }
            steady.type("exit\n");
            assertThat(steady.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void filesAreReadWrittenSearchedRenamedAndDeleted() {
        String files = LOCAL + "/sessions/" + session + "/files";
        api.send("PUT", files + "/write", Map.of("path", "notes/plan.txt", "content", "a needle in it"))
                .expect(200);
        assertThat(api.get(files + "?path=" + encoded("notes")).expect(200).toString())
                .contains("plan.txt");
        assertThat(api.get(files + "/read?path=" + encoded("notes/plan.txt"))
                        .expect(200)
                        .path("content")
                        .asText())
                .isEqualTo("a needle in it");
        assertThat(api.get(files + "/search?q=plan").expect(200).toString()).contains("notes/plan.txt");
        api.post(files + "/rename", Map.of("oldPath", "notes/plan.txt", "newPath", "notes/kept.txt"))
                .expect(200);
        api.post(files + "/delete", Map.of("path", "notes/kept.txt")).expect(200);
        assertThat(api.get(files + "/read?path=" + encoded("notes/kept.txt")).status())
                .isEqualTo(404);
        assertThat(api.get(files + "/read?path=" + encoded("../../etc/passwd")).status())
                .isBetween(400, 404);
    }

    @Test
    void aServerInTheSandboxIsSeenThroughThePreview() {
        try (TerminalClient terminal = TerminalClient.open(slipway.url(), session, 0)) {
            terminal.type(
                    "node -e 'require(\"http\").createServer((q,r)=>r.end(\"served \"+q.url)).listen(4321,()=>console.log(\"lis\"+\"tens\"))' &\n");
            terminal.await(output -> output.contains("listens"));
        }

        Api.Answer answer = api.get("/preview/" + session + "/4321/some/page?x=1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.raw().body(), StandardCharsets.UTF_8)).isEqualTo("served /some/page?x=1");
        assertThat(api.get("/preview/" + session + "/4322/").status()).isEqualTo(502);
        assertThat(api.get("/preview/unknown/4321/").status()).isEqualTo(404);
    }

    @Test
    void theServiceSaysThatItIsReady() {
        assertThat(api.get("/health/readiness").expect(200).path("status").asText())
                .isEqualTo("ok");
    }

    @Test
    void aCommandRunsOnlyIfItIsAllowed() {
        JsonNode listed = api.post("/api/cmd", Map.of("sessionId", session, "cmd", "git status --short"))
                .expect(200);
        Api.Answer refused = api.post("/api/cmd", Map.of("sessionId", session, "cmd", "cat /etc/passwd"));

        assertThat(listed.path("code").asInt()).isZero();
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void whatATurnCostIsCounted() {
        try (ChatStream stream = api.chat(session, "m-cost", "[[script:write path=cost.txt content=x]]")) {
            stream.rest();
        }

        JsonNode counted = api.await(
                LOCAL + "/sessions/" + session,
                Duration.ofSeconds(20),
                each -> each.path("usage").path("costUsd").asDouble() > 0);

        assertThat(counted.path("usage").path("inputTokens").asLong()).isPositive();
        assertThat(api.get("/api/usage?by=session").expect(200).toString()).contains(session);
    }

    @Test
    void anyCommandThatSpeaksAcpIsAnAgent() {
        String agent = api.post(
                        LOCAL + "/agents",
                        Map.of(
                                "name",
                                "of our own",
                                "agentType",
                                "acp",
                                "command",
                                List.of("claude-agent-acp"),
                                "env",
                                Map.of("ANTHROPIC_API_KEY", "slipway-placeholder", "IS_SANDBOX", "1")))
                .expect(201)
                .path("id")
                .asText();
        String own = api.session(workspace, agent);
        api.awaitSession(own, "ready");
        // Nobody can know which hosts such an agent calls, so its owner says it.
        api.post(LOCAL + "/sessions/" + own + "/egress/allow", Map.of("host", "api.anthropic.com"))
                .expect(204);

        try (ChatStream stream = api.chat(own, "m1", "[[script:write path=own.txt content=made]]")) {
            assertThat(stream.rest().toString()).contains("tool-output-available", "\"finish\"");
        }

        assertThat(api.get(LOCAL + "/sessions/" + own + "/diff").expect(200).toString())
                .contains("own.txt");
    }

    @Test
    void aTaskIsDoneWithoutAViewerAndItsPatchApplied() throws IOException {
        Path repository = Repositories.small(folder.resolve("repo-task"));
        String quick = api.post("/api/session", Map.of("repo", repository.toString(), "label", "a task"))
                .expect(200)
                .path("sessionId")
                .asText();
        String task = api.post(
                        "/api/tasks",
                        Map.of("instruction", "[[script:write path=task.txt content=done]]", "sessionId", quick))
                .expect(202)
                .path("taskId")
                .asText();
        api.await(
                "/api/tasks/" + task,
                Duration.ofMinutes(2),
                each -> each.path("status").asText().equals("completed"));

        JsonNode patches = api.get("/api/tasks/" + task + "/patches").expect(200);
        JsonNode applied = api.post(
                        "/api/tasks/" + task + "/apply",
                        Map.of("select", List.of(Map.of("file", "task.txt")), "commitMessage", "Take the task's work"))
                .expect(200);

        assertThat(patches.toString()).contains("task.txt");
        assertThat(Commands.git(repository, "log", "-1", "--format=%H %s").strip())
                .isEqualTo(applied.path("commit").asText() + " Take the task's work");
    }

    private TerminalClient retrying(long since) {
        return org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> TerminalClient.open(slipway.url(), session, since), client -> true);
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8);
    }
}
