package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a git repository to an agent's change in it, and what must hold on the way: the same for every shape in which the
 * suite runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
abstract class MainJob {
    private final Slipway.Shape shape;
    private Path folder = Path.of("unset");
    private FakeLlm model;
    private Slipway slipway;
    private Api api;

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    MainJob(Slipway.Shape shape) {
        this.shape = shape;
    }

    @BeforeAll
    void start() throws IOException {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        slipway = Slipway.start(shape, folder, model.environment());
        api = slipway.api();
        store("anthropic", model.anthropicKey);
        store("openai", model.openaiKey);
        store("google", model.geminiKey);
    }

    @AfterAll
    void stop() {
        try (FakeLlm _ = model;
                Slipway _ = slipway) {
            JsonNode sessions =
                    api.get("/api/projects/local/sessions").expect(200).path("sessions");
            List<String> ids = new ArrayList<>();
            sessions.forEach(session -> ids.add(session.path("id").asText()));
            ids.forEach(id -> api.send("DELETE", "/api/projects/local/sessions/" + id, null));
            ids.forEach(id -> org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofMinutes(1))
                    .until(() -> api.get("/api/projects/local/sessions/" + id).status() == 404));
        }
    }

    private void store(String provider, String key) {
        api.post(
                        "/api/projects/local/credentials",
                        Map.of("provider", provider, "name", provider, "authType", "api_key", "apiKey", key))
                .expect(200);
    }

    @ParameterizedTest
    @Order(1)
    @ValueSource(strings = {"claude-code", "opencode", "codex", "gemini-cli"})
    void anAgentsChangeEndsAsACommitOnTheWorkspacesBranch(String agentType) throws IOException {
        Path repository = Repositories.small(folder.resolve("repo-" + agentType));
        String workspace = api.workspace(repository.toString());
        String session = api.session(workspace, api.agent(agentType));
        api.awaitSession(session, "ready");

        List<ChatStream.Frame> frames;
        try (ChatStream stream =
                api.chat(session, "m1-" + agentType, "[[script:write path=hello.txt content=\"made by an agent\"]]")) {
            frames = stream.rest();
        }
        JsonNode ready = api.awaitSession(session, "ready");
        JsonNode diff =
                api.get("/api/projects/local/sessions/" + session + "/diff").expect(200);
        JsonNode applied = api.post("/api/projects/local/sessions/" + session + "/apply", Map.of())
                .expect(200);

        assertThat(types(frames))
                .startsWith("start")
                .endsWith("finish")
                .contains("text-delta", "tool-output-available");
        assertThat(frames.stream().map(ChatStream.Frame::id))
                .doesNotHaveDuplicates()
                .doesNotContainNull();
        assertThat(ready.path("headCommit").asText())
                .isNotEqualTo(ready.path("baseCommit").asText());
        assertThat(diff.path("files")).hasSize(1);
        assertThat(diff.path("files").get(0).path("path").asText()).isEqualTo("hello.txt");
        assertThat(applied.path("branch").asText()).isEqualTo("main");
        assertThat(Commands.git(repository, "log", "-1", "--format=%H").strip())
                .isEqualTo(applied.path("commit").asText());
        assertThat(Files.readString(repository.resolve("hello.txt")).strip()).isEqualTo("made by an agent");
        assertThat(Commands.git(repository, "status", "--porcelain")).isEmpty();
        assertThat(messages(session))
                .extracting(message -> message.path("role").asText())
                .contains("user", "assistant");
    }

    @Test
    @Order(2)
    void theModelSawTheRealKeyAndTheSandboxNeverDid() {
        List<String> ids = sandboxes();

        List<JsonNode> requests = model.requests();

        assertThat(requests.stream()
                        .filter(request -> request.path("path").asText().endsWith("/v1/messages")))
                .as("requests to the model among " + requests)
                .isNotEmpty()
                .allSatisfy(request ->
                        assertThat(request.path("auth").path("state").asText()).isEqualTo("ok"));
        assertThat(ids).isNotEmpty();
        for (String id : ids) {
            String everything = Commands.docker("inspect", id).orFail()
                    + Commands.docker(
                                    "exec",
                                    "-u",
                                    "0",
                                    id,
                                    "sh",
                                    "-c",
                                    "env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n';"
                                            + " grep -rIl -e canary- /data /etc /home /run /tmp /var 2>/dev/null;"
                                            + " grep -rh -o -a -e 'canary-[a-z]*-[0-9a-f-]*' /data /tmp /run 2>/dev/null")
                            .output();
            assertThat(everything)
                    .doesNotContain(model.anthropicKey)
                    .doesNotContain(model.openaiKey)
                    .doesNotContain(model.geminiKey);
        }
    }

    @Test
    @Order(3)
    void aSandboxHasNoNetworkButItself() {
        for (String id : sandboxes()) {
            assertThat(Commands.docker("exec", id, "ip", "-o", "link").orFail().lines())
                    .singleElement()
                    .asString()
                    .contains("lo:");
            assertThat(Commands.docker("inspect", "-f", "{{.HostConfig.NetworkMode}}", id)
                            .orFail()
                            .strip())
                    .isEqualTo("none");
        }
    }

    @Test
    @Order(4)
    void aHostThatNobodyAllowedIsRefusedAndTheUserSeesIt() {
        String id = sandboxes().stream()
                .filter(container -> !sessionOf(container).isEmpty())
                .findFirst()
                .orElseThrow();
        String session = sessionOf(id);

        Commands.Result refused = Commands.docker(
                "exec",
                id,
                "curl",
                "-sS",
                "-m",
                "10",
                "-o",
                "/dev/null",
                "-w",
                "%{http_connect} %{http_code}",
                "https://example.org/");

        assertThat(refused.output()).contains("403");
        api.await(
                "/api/projects/local/sessions/" + session + "/egress?decision=blocked",
                java.time.Duration.ofMinutes(1),
                page -> page.toString().contains("example.org"));
    }

    /** By the system's own files: these programs are told of no certificate by their environment. */
    @Test
    @Order(4)
    void programsTrustTheProxyWhateverTheirEnvironment() {
        String id = sandboxes().stream()
                .filter(container -> !sessionOf(container).isEmpty())
                .findFirst()
                .orElseThrow();
        api.post("/api/projects/local/sessions/" + sessionOf(id) + "/egress/allow", Map.of("host", "api.anthropic.com"))
                .expect(204);
        String empty = "env -i PATH=\"$PATH\" https_proxy=http://127.0.0.1:17080 ";

        assertThat(in(id, empty + "curl -sS -o /dev/null -w 'answer %{http_code}' https://api.anthropic.com/v1/models"))
                .containsPattern("answer [1-5]");
        // Debian's git is linked with another library for TLS, and Python with a third.
        assertThat(in(id, empty + "git ls-remote https://api.anthropic.com/none.git"))
                .doesNotContainIgnoringCase("certificate");
        assertThat(in(id, empty + """
                python3 -c '
                import urllib.request, urllib.error
                try: print("answer", urllib.request.urlopen("https://api.anthropic.com/v1/models").status)
                except urllib.error.HTTPError as e: print("answer", e.code)
                '""")).containsPattern("answer [1-5]");
        assertThat(in(id, "cmp /etc/ssl/certs/ca-certificates.crt /run/slipway/ca/bundle.pem && echo same"))
                .contains("same");
        assertThat(in(id, "cmp /etc/ssl/certs/java/cacerts /run/slipway/ca/cacerts && echo same"))
                .contains("same");
    }

    private static String in(String container, String command) {
        return Commands.docker("exec", container, "sh", "-c", command).output();
    }

    @Test
    @Order(5)
    void aSecondReaderAndOneThatComesBackGetTheVerySameStream() throws IOException {
        Path repository = Repositories.small(folder.resolve("repo-readers"));
        String session = api.session(api.workspace(repository.toString()), api.agent("claude-code"));
        api.awaitSession(session, "ready");

        List<ChatStream.Frame> first = new ArrayList<>();
        try (ChatStream stream = api.chat(session, "m-readers", "[[script:slow n=40 ms=100]]")) {
            while (first.size() < 8) {
                first.add(java.util.Objects.requireNonNull(stream.next()));
            }
            String last = java.util.Objects.requireNonNull(first.getLast().id());
            String path = "/api/projects/local/chat/" + session + "/stream";
            List<ChatStream.Frame> rest;
            try (ChatStream resumed = ChatStream.of(api.open("GET", path, null, Map.of("Last-Event-ID", last)))) {
                rest = resumed.rest();
            }
            first.addAll(rest);
        }
        List<ChatStream.Frame> again;
        try (ChatStream joined = api.chat(session, "m-readers", "[[script:slow n=40 ms=100]]")) {
            again = joined.rest();
        }

        assertThat(again).isEqualTo(first);
    }

    @Test
    @Order(6)
    void afterDownAndUpEverythingIsThereAndTheSessionGoesOn() throws IOException {
        Path repository = Repositories.small(folder.resolve("repo-restart"));
        String workspace = api.workspace(repository.toString());
        String session = api.session(workspace, api.agent("claude-code"));
        api.awaitSession(session, "ready");
        try (ChatStream stream = api.chat(session, "m1", "[[script:write path=one.txt content=one]]")) {
            stream.rest();
        }
        api.awaitSession(session, "ready");
        List<JsonNode> before = messages(session);
        Set<String> eventsBefore = eventIds();

        slipway.down();
        slipway.up();

        api.awaitSession(session, "stopped");
        assertThat(messages(session)).isEqualTo(before);
        assertThat(eventIds()).containsAll(eventsBefore);
        List<ChatStream.Frame> frames;
        try (ChatStream stream = api.chat(session, "m2", "[[script:write path=two.txt content=two]]")) {
            frames = stream.rest();
        }
        assertThat(types(frames)).endsWith("finish");
        JsonNode diff =
                api.get("/api/projects/local/sessions/" + session + "/diff").expect(200);
        Set<String> files = new HashSet<>();
        diff.path("files").forEach(file -> files.add(file.path("path").asText()));
        assertThat(files).containsExactlyInAnyOrder("one.txt", "two.txt");
        assertThat(messages(session)).hasSize(before.size() + 2);
    }

    private static List<String> types(List<ChatStream.Frame> frames) {
        return frames.stream()
                .map(frame -> frame.chunk().path("type").asText())
                .filter(type -> !type.startsWith("data-"))
                .toList();
    }

    private List<JsonNode> messages(String session) {
        List<JsonNode> messages = new ArrayList<>();
        api.get("/api/projects/local/sessions/" + session + "/messages")
                .expect(200)
                .path("messages")
                .forEach(messages::add);
        return messages;
    }

    /** The ids of the events of the last hour, read until the stream has nothing more at once. */
    private Set<String> eventIds() throws IOException {
        Set<String> ids = new HashSet<>();
        String since = java.time.Instant.now().minusSeconds(3600).toString();
        var response = api.open("GET", "/api/projects/local/events?since=" + since, null, Map.of());
        assertThat(response.statusCode()).isEqualTo(200);
        try (var lines = new java.io.BufferedReader(
                new java.io.InputStreamReader(response.body(), java.nio.charset.StandardCharsets.UTF_8))) {
            // A heartbeat comes only when there is nothing else to say.
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    break;
                }
                if (line.startsWith("data:") && line.contains("\"id\"")) {
                    ids.add(Api.JSON.readTree(line.substring(5)).path("id").asText());
                }
            }
        }
        assertThat(ids).isNotEmpty();
        return ids;
    }

    /** The containers of this Slipway that run, those made ahead among them. */
    private List<String> sandboxes() {
        return Commands.docker("ps", "-q", "--filter", "label=dev.slipway.home=" + slipway.home)
                .orFail()
                .lines()
                .toList();
    }

    /** As its agent was told; empty for one that was made ahead and that nobody has taken. */
    private static String sessionOf(String container) {
        Commands.Result told = Commands.docker("exec", container, "jq", "-r", ".sessionId", "/data/session.json");
        return told.exitCode() == 0 ? told.output().strip() : "";
    }
}
