package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent is told of a conversation that it does not know, and what it may ask. */
class ConversationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void boot() throws Exception {
        sandbox = Sandbox.in(folder);
        sandbox.configure("ask");
        sandbox.awaitPhase(Phase.READY);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private static TurnRequest turn(String id, String text, Map<String, Object> more) {
        var body = new java.util.HashMap<String, Object>(more);
        body.put("turnId", id);
        body.put("prompt", List.of(Map.of("type", "text", "text", text)));
        return TurnRequest.parse(JSON.valueToTree(body));
    }

    private String run(TurnRequest request) throws Exception {
        assertThat(sandbox.supervisor().startTurn(request)).isEqualTo(Supervisor.Accepted.STARTED);
        return sandbox.awaitEnd(request.turnId()).toString();
    }

    @Test
    void anAgentThatDoesNotKnowTheConversationWantsItFirstAndIsToldOnce() throws Exception {
        TurnRequest second = turn("t1", "say go on", Map.of("continues", true));

        assertThat(sandbox.supervisor().startTurn(second)).isEqualTo(Supervisor.Accepted.HISTORY_WANTED);
        String told = run(turn("t1", "say go on", Map.of("continues", true, "history", "The story so far. ")));
        String third = run(turn("t2", "say more", Map.of("continues", true)));

        assertThat(told).contains("told The story so far. say go on");
        assertThat(third).contains("more").doesNotContain("story");
    }

    @Test
    void anAgentThatLoadedItsConversationIsNotToldAgain() throws Exception {
        run(turn("t1", "say one", Map.of()));
        sandbox.restart();
        sandbox.awaitPhase(Phase.READY);

        String second = run(turn("t2", "say two", Map.of("continues", true)));

        assertThat(second).contains("two");
    }

    @Test
    void aQuestionWaitsForWordsAndGetsThem() throws Exception {
        sandbox.supervisor().startTurn(turn("t1", "question", Map.of()));
        sandbox.awaitEntry("t1", "acp.request");
        JsonNode asked = sandbox.entries("t1").getLast().path("data");
        String id = asked.path("requestId").asText();

        sandbox.supervisor().answerRequest(id, new RequestAnswer.Said(JSON.readTree("{\"a\":\"this\"}")));

        assertThat(asked.path("method").asText()).isEqualTo("elicitation/create");
        assertThat(sandbox.awaitEnd("t1").toString())
                .contains("\\\"action\\\":\\\"accept\\\"")
                .contains("\\\"a\\\":\\\"this\\\"");
    }

    @Test
    void aTurnMayBeAllowedMoreThanTheSession() throws Exception {
        String allowed = run(turn("t1", "ask execute", Map.of("permissions", "all")));

        assertThat(allowed).contains("answered once").contains("\"by\":\"policy\"");
    }
}
