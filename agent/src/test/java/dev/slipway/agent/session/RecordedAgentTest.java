package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.acp.AcpConnection;
import dev.slipway.agent.acp.AcpPeer;
import dev.slipway.agent.cli.AgentSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a conversation is opened again with what a real agent answered, line by line as it was recorded. */
class RecordedAgentTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EARLIER = "8dbe5695-8935-41bb-a704-fab995bcd12a";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final List<Boolean> toldWhileReplaying = new CopyOnWriteArrayList<>();
    private volatile boolean replaying;

    /** Notes when it is told something. */
    private final class Peer implements AcpPeer {
        @Override
        public void notified(String method, JsonNode params) {
            toldWhileReplaying.add(replaying);
        }

        @Override
        public void asked(String method, JsonNode params, Reply reply) {
            AcpConnection.refuse(method, reply);
        }

        @Override
        public void ended() {}
    }

    @Test
    void allThatItRepeatsIsHeardBeforeTheSessionCountsAsOpen() throws Exception {
        List<List<JsonNode>> recorded = answers("gemini-load");

        AgentCli agent = open(List.of(recorded.get(3), recorded.get(4)));

        assertThat(agent.resumed()).isTrue();
        assertThat(agent.acpSessionId()).isEqualTo(EARLIER);
        // This one answers when it has repeated one message, and then repeats the others.
        assertThat(toldWhileReplaying).hasSize(7).containsOnly(true);
    }

    @Test
    void oneThatLostTheSessionGetsANewOne() throws Exception {
        List<List<JsonNode>> recorded = answers("gemini-load");
        JsonNode lost =
                JSON.readTree("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,\"message\":\"Internal error\","
                        + "\"data\":{\"details\":\"No previous sessions found for this project.\"}}}");

        AgentCli agent = open(List.of(recorded.get(0), List.of(lost), recorded.get(1)));

        assertThat(agent.resumed()).isFalse();
        assertThat(agent.acpSessionId()).isEqualTo(EARLIER);
        assertThat(requests())
                .extracting(request -> request.path("method").asText())
                .startsWith("initialize", "session/load", "session/new");
    }

    @Test
    void noFilesAndNoTerminalsAreOfferedSoThatItUsesItsOwnDisk() throws Exception {
        List<List<JsonNode>> recorded = answers("gemini-load");

        open(List.of(recorded.get(3), recorded.get(4)));

        JsonNode capabilities = requests().getFirst().path("params").path("clientCapabilities");
        assertThat(capabilities.path("fs").path("readTextFile").asBoolean(true)).isFalse();
        assertThat(capabilities.path("fs").path("writeTextFile").asBoolean(true))
                .isFalse();
        assertThat(capabilities.path("terminal").asBoolean(true)).isFalse();
    }

    /** Opens the earlier session with an agent that gives these answers in order, and says yes to whatever follows. */
    private AgentCli open(List<List<JsonNode>> answers) throws Exception {
        for (int i = 0; i < answers.size(); i++) {
            StringBuilder lines = new StringBuilder();
            for (JsonNode message : answers.get(i)) {
                // Its notifications have no id.
                JsonNode own = message.has("id") ? ((ObjectNode) message.deepCopy()).put("id", i + 1) : message;
                lines.append(own).append('\n');
            }
            Files.writeString(folder.resolve("answer-" + (i + 1)), lines);
        }
        String script = "n=0; while read -r line; do n=$((n+1)); printf '%s\\n' \"$line\" >> requests;"
                + " if [ -f answer-$n ]; then cat answer-$n; else printf '{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}\\n' $n; fi; done";
        AgentSpec spec = AgentSpec.parse(
                JSON.valueToTree(Map.of("type", "acp", "command", List.of("sh", "-c", script), "permissions", "ask")));
        AgentCli agent = AgentCli.launch(spec, Map.of(), folder, new Peer());
        try {
            agent.open(folder, Optional.of(EARLIER), now -> replaying = now);
        } finally {
            agent.stop(java.time.Duration.ofSeconds(1));
        }
        return agent;
    }

    private List<JsonNode> requests() throws IOException {
        List<JsonNode> requests = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("requests"))) {
            requests.add(JSON.readTree(line));
        }
        return requests;
    }

    /** What the agent wrote after each of the client's requests and before the next; what it asked itself is left out. */
    private static List<List<JsonNode>> answers(String name) throws IOException {
        List<List<JsonNode>> answers = new ArrayList<>();
        try (InputStream in = RecordedAgentTest.class.getResourceAsStream("/acp-transcripts/" + name + ".jsonl")) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode record = JSON.readTree(line);
                JsonNode message = record.path("msg");
                boolean asks = message.has("method") && message.has("id");
                if (asks && record.path("dir").asText().equals(">")) {
                    answers.add(new ArrayList<>());
                } else if (message.isObject()
                        && !asks
                        && record.path("dir").asText().equals("<")) {
                    answers.getLast().add(message);
                }
            }
        }
        return answers;
    }
}
