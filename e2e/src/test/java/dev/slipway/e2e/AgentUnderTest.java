package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An agent with two sessions: one in which it may do everything, and a careful one in which it has to ask. */
final class AgentUnderTest {
    private static final String IN_PROJECT = "/api/projects/local/";

    /** An MCP server of one tool, for the Node that is in the sandbox. */
    private static final String MCP_SERVER = """
            const rl = require('readline').createInterface({input: process.stdin});
            const say = m => process.stdout.write(JSON.stringify({jsonrpc: '2.0', ...m}) + '\\n');
            rl.on('line', line => {
              const {id, method, params} = JSON.parse(line);
              if (id === undefined) return;
              const result = method === 'initialize'
                ? {protocolVersion: params.protocolVersion, capabilities: {tools: {}}, serverInfo: {name: 'pong', version: '1'}}
                : method === 'tools/list'
                ? {tools: [{name: 'pong', description: 'Answers.', inputSchema: {type: 'object', properties: {text: {type: 'string'}}}}]}
                : method === 'tools/call'
                ? {content: [{type: 'text', text: 'pong of the MCP server'}]}
                : {};
              say({id, result});
            });
            """;

    final String type;
    private final Api api;
    private final String workspace;
    private final String session;
    private @Nullable String carefulSession;

    AgentUnderTest(Api api, String type, Path repository) {
        this.api = api;
        this.type = type;
        this.workspace = api.workspace(repository.toString());
        this.session = begin("all");
    }

    private AgentUnderTest(AgentUnderTest other, String session) {
        this.api = other.api;
        this.type = other.type;
        this.workspace = other.workspace;
        this.session = session;
    }

    private String begin(String permissions) {
        Map<String, Object> server = Map.of(
                "name",
                "pong",
                "enabled",
                true,
                "config",
                Map.of("type", "stdio", "command", "node", "args", List.of("-e", MCP_SERVER)));
        Map<String, Object> overHttp = Map.of(
                "name",
                "hail",
                "enabled",
                true,
                "config",
                Map.of(
                        "type",
                        "http",
                        "url",
                        "https://" + McpHttpServer.HOST + "/mcp",
                        "headers",
                        Map.of(McpHttpServer.HEADER, McpHttpServer.HEADER_VALUE)));
        String agent = api.post(
                        IN_PROJECT + "agents",
                        Map.of(
                                "name",
                                type + " " + permissions,
                                "agentType",
                                type,
                                "permissions",
                                permissions,
                                "mcpServers",
                                List.of(server, overHttp)))
                .expect(201)
                .path("id")
                .asText();
        String begun = api.session(workspace, agent);
        api.awaitSession(begun, "ready");
        return begun;
    }

    /** The same agent in a session in which it has to ask. */
    AgentUnderTest careful() {
        String known = carefulSession == null ? begin("ask") : carefulSession;
        carefulSession = known;
        return new AgentUnderTest(this, known);
    }

    /** Says something, and expects an answer that ends well and has these kinds of chunks. */
    List<ChatStream.Frame> finishes(String prompt, String... chunks) {
        List<ChatStream.Frame> frames = say(prompt);
        assertThat(types(frames)).startsWith("start").endsWith("finish").contains(chunks);
        return frames;
    }

    /** Says something that the model answers with an error, which must reach the user. */
    void fails(String prompt) {
        assertThat(types(say(prompt))).startsWith("start").endsWith("error");
        api.awaitSession(session, "ready");
    }

    /** Says something that may end well or with an error, as the agent takes it; end it must. */
    void comesToAnEnd(String prompt) {
        assertThat(types(say(prompt)).getLast()).isIn("finish", "error");
        api.awaitSession(session, "ready");
    }

    private List<ChatStream.Frame> say(String prompt) {
        api.awaitSession(session, "ready");
        try (ChatStream stream = api.chat(session, UUID.randomUUID().toString(), prompt)) {
            return stream.rest();
        }
    }

    /** Says something in the careful session, and answers what the agent asks with an option of this kind. */
    void answers(String prompt, String kind) throws IOException {
        String asking = careful().session;
        try (ChatStream stream = api.chat(asking, UUID.randomUUID().toString(), prompt)) {
            JsonNode request = api.await(
                            IN_PROJECT + "chat/" + asking + "/requests",
                            Duration.ofSeconds(60),
                            page -> !page.path("requests").isEmpty())
                    .path("requests")
                    .get(0);
            String option = "";
            for (JsonNode offered : request.path("params").path("options")) {
                // For this once: with "always" the agent would not ask again.
                if (offered.path("kind").asText().equals(kind + "_once")) {
                    option = offered.path("optionId").asText();
                }
            }
            assertThat(option)
                    .as("an option of kind " + kind + "_once in " + request)
                    .isNotEmpty();
            api.post(
                            IN_PROJECT + "chat/" + asking + "/requests/"
                                    + request.path("id").asText(),
                            Map.of("optionId", option))
                    .expect(200);
            List<ChatStream.Frame> frames = stream.rest();
            assertThat(types(frames).getLast()).isIn("finish", "abort");
            assertThat(frames.toString()).contains("data-permission");
        }
        api.awaitSession(asking, "ready");
    }

    /** Says something, cancels it at the first chunk of this type, and expects the stream to end as cancelled at once. */
    void isCancelledAt(String prompt, String type) throws IOException {
        api.awaitSession(session, "ready");
        List<ChatStream.Frame> frames = new ArrayList<>();
        try (ChatStream stream = api.chat(session, UUID.randomUUID().toString(), prompt)) {
            do {
                frames.add(Objects.requireNonNull(stream.next(), () -> "ended before " + type + ": " + frames));
            } while (!frames.getLast().chunk().path("type").asText().equals(type));
            int status = api.post(IN_PROJECT + "chat/" + session + "/cancel", Map.of())
                    .status();
            frames.addAll(stream.rest());
            // An agent that refuses such a command by itself may be done before it hears.
            assertThat(types(frames).getLast()).isIn(status == 200 ? List.of("abort") : List.of("finish"));
        }
        api.awaitSession(session, "ready");
    }

    /** Replaces the container, and the agent's process with it. */
    void restart() {
        api.post(IN_PROJECT + "sessions/" + session + "/restart", Map.of()).expect(200);
        api.awaitSession(session, "ready");
    }

    void hasChanged(String file) {
        assertThat(changes()).contains(file);
    }

    void hasNotChanged(String file) {
        assertThat(changes()).doesNotContain(file);
    }

    private List<String> changes() {
        api.awaitSession(session, "ready");
        List<String> files = new ArrayList<>();
        api.get(IN_PROJECT + "sessions/" + session + "/diff")
                .expect(200)
                .path("files")
                .forEach(file -> files.add(file.path("path").asText()));
        return files;
    }

    /** A case went wrong: what it left running must not spoil the next. */
    void settle() {
        api.send("POST", IN_PROJECT + "chat/" + session + "/cancel", Map.of());
        if (carefulSession != null) {
            api.send("POST", IN_PROJECT + "chat/" + carefulSession + "/cancel", Map.of());
        }
    }

    private static List<String> types(List<ChatStream.Frame> frames) {
        return frames.stream()
                .map(frame -> frame.chunk().path("type").asText())
                .filter(type -> !type.startsWith("data-"))
                .toList();
    }
}
