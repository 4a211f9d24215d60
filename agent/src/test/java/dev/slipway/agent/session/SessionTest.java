package dev.slipway.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session from its first clone to its last turn, with real git and a scripted agent in a process of its own. */
class SessionTest {
    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void boot() throws Exception {
        Files.createDirectories(folder.resolve("warm/.local"));
        Files.writeString(folder.resolve("warm/.local/prepared"), "by the image");
        sandbox = Sandbox.in(folder);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void ready(String permissions) throws Exception {
        sandbox.configure(permissions);
        sandbox.awaitPhase(Phase.READY);
    }

    @Test
    void isEmptyUntilToldWhatToBe() {
        assertThat(sandbox.supervisor().phase()).isEqualTo(Phase.EMPTY);
        assertThat(sandbox.post("t", "say hi")).isEqualTo(Supervisor.Accepted.NOT_READY);
    }

    @Test
    void theHomeIsFilledBeforeAnybodyWantsTheSandbox() throws Exception {
        Path prepared = sandbox.paths.home().resolve(".local/prepared");
        Awaitility.await().until(() -> Files.exists(prepared));
        assertThat(prepared).hasContent("by the image");
        assertThat(sandbox.supervisor().phase()).isEqualTo(Phase.EMPTY);

        Files.writeString(prepared, "by the agent");
        sandbox.restart();
        ready("all");
        assertThat(prepared).hasContent("by the agent");
    }

    @Test
    void clonesTheBranchAndStartsTheAgent() throws Exception {
        ready("all");

        assertThat(sandbox.paths.workspace().resolve("README.md")).hasContent("hello\n");
        assertThat(Sandbox.git(sandbox.paths.workspace(), "branch", "--show-current")
                        .strip())
                .isEqualTo(Sandbox.BRANCH);
        assertThat(sandbox.supervisor().status().path("agentInfo").path("name").asText())
                .isEqualTo("fake");
        assertThat(sandbox.supervisor().status().path("head").asText())
                .isEqualTo(
                        Sandbox.git(sandbox.origin, "rev-parse", Sandbox.BRANCH).strip());
        assertThat(Sandbox.kinds(sandbox.entries())).contains("agent.started");
    }

    @Test
    void aTurnEndsWithACheckpointThatIsOnTheBranchOutside() throws Exception {
        ready("all");

        List<JsonNode> turn = sandbox.run("t1", "write made.txt some text");

        assertThat(Sandbox.kinds(turn))
                .containsExactly(
                        "turn.started", "acp.update", "acp.update", "acp.update", "turn.checkpoint", "turn.ended");
        assertThat(turn.get(1).path("data").path("vendorOwn").toString()).isEqualTo("{\"x\":[1]}");
        JsonNode checkpoint = turn.get(4).path("data");
        assertThat(checkpoint.path("pushed").asBoolean()).isTrue();
        assertThat(checkpoint.path("filesChanged").asInt()).isEqualTo(1);
        assertThat(turn.getLast().path("data").toString())
                .isEqualTo("{\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":3,\"outputTokens\":4}}");
        assertThat(Sandbox.git(sandbox.origin, "log", "-1", "--format=%H %an %ae%n%B", Sandbox.BRANCH))
                .startsWith(
                        checkpoint.path("commit").asText() + " Ada ada@example.org\nfeat: write made.txt some text\n")
                .contains("Slipway-Turn: t1", "Co-authored-by: ACP agent <acp@agents.slipway.invalid>");
    }

    @Test
    void whatGitIgnoresIsInNoCheckpoint() throws Exception {
        ready("all");

        List<JsonNode> turn = sandbox.run("t1", "write key.secret hidden");

        assertThat(Sandbox.kinds(turn)).doesNotContain("turn.checkpoint");
        assertThat(sandbox.paths.workspace().resolve("key.secret")).hasContent("hidden");
    }

    @Test
    void theRepositorysOwnHooksDoNotRunAtACheckpoint() throws Exception {
        ready("all");
        Path hook = sandbox.paths.workspace().resolve(".git/hooks/pre-commit");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, "#!/bin/sh\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();

        List<JsonNode> turn = sandbox.run("t1", "write a.txt x");

        assertThat(turn.get(4).path("data").path("pushed").asBoolean()).isTrue();
    }

    @Test
    void theSameTurnTwiceIsOneTurn() throws Exception {
        ready("all");
        sandbox.run("t1", "say hi");

        assertThat(sandbox.post("t1", "say hi")).isEqualTo(Supervisor.Accepted.KNOWN_ALREADY);
        sandbox.restart();
        assertThat(sandbox.post("t1", "say hi")).isEqualTo(Supervisor.Accepted.KNOWN_ALREADY);
        assertThat(sandbox.entries("t1")).hasSize(3);
    }

    @Test
    void aSecondTurnWaitsForNobodyAndIsRefused() throws Exception {
        ready("all");
        sandbox.post("t1", "hang");

        assertThat(sandbox.post("t2", "say hi")).isEqualTo(Supervisor.Accepted.ANOTHER_RUNS);
    }

    @Test
    void aCancelledTurnSaysSo() throws Exception {
        ready("all");
        sandbox.post("t1", "hang");
        sandbox.awaitEntry("t1", "acp.update");

        assertThat(sandbox.supervisor().cancelTurn("t1")).isTrue();

        assertThat(sandbox.awaitEnd("t1")
                        .getLast()
                        .path("data")
                        .path("stopReason")
                        .asText())
                .isEqualTo("cancelled");
        assertThat(sandbox.supervisor().cancelTurn("t1")).isFalse();
    }

    @Test
    void anAgentThatDoesNotHearIsStoppedAndTheNextOneGoesOn() throws Exception {
        ready("all");
        sandbox.post("t1", "deaf");
        sandbox.awaitEntry("t1", "acp.update");

        sandbox.supervisor().cancelTurn("t1");

        assertThat(sandbox.awaitEnd("t1")
                        .getLast()
                        .path("data")
                        .path("stopReason")
                        .asText())
                .isEqualTo("cancelled");
        assertThat(sandbox.run("t2", "say back")
                        .getLast()
                        .path("data")
                        .path("stopReason")
                        .asText())
                .isEqualTo("end_turn");
    }

    @Test
    void anAgentThatDiesEndsItsTurnWithAnErrorAndIsStartedAgainInTheSameConversation() throws Exception {
        ready("all");
        sandbox.run("t0", "say remember me");

        List<JsonNode> turn = sandbox.run("t1", "die");

        assertThat(turn.getLast().path("data").path("error").path("code").asText())
                .isEqualTo("agent_exited");
        sandbox.run("t2", "say back");
        JsonNode exited = sandbox.entries().stream()
                .filter(e -> e.path("kind").asText().equals("agent.exited"))
                .findFirst()
                .orElseThrow();
        assertThat(exited.path("data").path("exitCode").asInt()).isEqualTo(3);
        assertThat(exited.path("data").path("stderrTail").asText()).contains("fake agent dies");
        JsonNode started = sandbox.entries().stream()
                .filter(e -> e.path("kind").asText().equals("agent.started"))
                .toList()
                .getLast();
        assertThat(started.path("data").path("resumed").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"process", "ended", "session"})
    void anAgentThatHasLostItsOwnProcessOrSessionIsStartedAgain(String what) throws Exception {
        ready("all");

        JsonNode error =
                sandbox.run("t1", "lose " + what).getLast().path("data").path("error");

        assertThat(error.path("code").asText()).isEqualTo("agent_exited");
        assertThat(sandbox.run("t2", "say back")
                        .getLast()
                        .path("data")
                        .path("stopReason")
                        .asText())
                .isEqualTo("end_turn");
    }

    @Test
    void whatAnAgentRepeatsWhenItLoadsASessionIsNotInTheJournal() throws Exception {
        ready("all");
        sandbox.run("t1", "say once");

        sandbox.restart();
        sandbox.awaitPhase(Phase.READY);

        assertThat(sandbox.entries().toString()).doesNotContain("replayed");
        assertThat(sandbox.supervisor().status().path("phase").asText()).isEqualTo("ready");
    }

    @Test
    void aTurnThatACrashCutOffIsEndedAtTheNextStart() throws Exception {
        ready("ask");
        sandbox.post("t1", "ask execute");
        sandbox.awaitEntry("t1", "acp.request");

        sandbox.bootAgainWithoutClosing();

        List<JsonNode> turn = sandbox.entries("t1");
        assertThat(Sandbox.kinds(turn))
                .containsExactly("turn.started", "acp.request", "acp.request.resolved", "turn.ended");
        assertThat(turn.get(2).path("data").path("by").asText()).isEqualTo("system");
        assertThat(turn.getLast().path("data").path("error").path("code").asText())
                .isEqualTo("interrupted");
    }

    @Test
    void aStopDuringATurnEndsIt() throws Exception {
        ready("all");
        sandbox.post("t1", "hang");
        sandbox.awaitEntry("t1", "acp.update");

        sandbox.restart();

        assertThat(Sandbox.kinds(sandbox.entries("t1"))).endsWith("turn.ended");
    }

    @Test
    void anErrorOfTheAgentIsTheTurnsError() throws Exception {
        ready("all");

        JsonNode error = sandbox.run("t1", "fail").getLast().path("data").path("error");

        assertThat(error.path("code").asText()).isEqualTo("agent_error");
        assertThat(error.path("message").asText()).isEqualTo("Internal error: scripted");
    }

    @Test
    void nothingOfATurnFollowsItsEnd() throws Exception {
        ready("all");

        sandbox.run("t1", "late");
        sandbox.run("t2", "say more");

        assertThat(sandbox.entries("t1").getLast().path("kind").asText()).isEqualTo("turn.ended");
    }

    @Test
    void whereAllIsAllowedRequestsAreAnsweredAndStillTold() throws Exception {
        ready("all");

        List<JsonNode> turn = sandbox.run("t1", "ask execute");

        assertThat(Sandbox.kinds(turn)).startsWith("turn.started", "acp.request", "acp.request.resolved");
        assertThat(turn.get(2).path("data").path("optionId").asText()).isEqualTo("once");
        assertThat(turn.get(2).path("data").path("by").asText()).isEqualTo("policy");
    }

    @Test
    void whereEditsAreAllowedOtherThingsAreAsked() throws Exception {
        ready("edits");

        assertThat(sandbox.run("t1", "ask edit").get(2).path("data").path("by").asText())
                .isEqualTo("policy");
        sandbox.post("t2", "ask execute");
        sandbox.awaitEntry("t2", "acp.request");
        String request =
                sandbox.entries("t2").getLast().path("data").path("requestId").asText();
        sandbox.supervisor().answerRequest(request, new RequestAnswer.Chosen("no"));

        JsonNode resolved = sandbox.awaitEnd("t2").stream()
                .filter(e -> e.path("kind").asText().equals("acp.request.resolved"))
                .findFirst()
                .orElseThrow();
        assertThat(resolved.path("data").toString())
                .isEqualTo(
                        "{\"requestId\":\"" + request + "\",\"optionId\":\"no\",\"cancelled\":false,\"by\":\"user\"}");
    }

    @Test
    void aCancelAnswersWhatIsStillAsked() throws Exception {
        ready("ask");
        sandbox.post("t1", "ask edit");
        sandbox.awaitEntry("t1", "acp.request");

        sandbox.supervisor().cancelTurn("t1");

        assertThat(sandbox.awaitEnd("t1")
                        .getLast()
                        .path("data")
                        .path("stopReason")
                        .asText())
                .isEqualTo("cancelled");
    }

    @Test
    void theAgentFindsProxyAndOwnVariablesInItsEnvironment() throws Exception {
        sandbox.supervisor().configure(AgentSession.parse(sandbox.session("all", Map.of("MINE", "yes"))));
        sandbox.awaitPhase(Phase.READY);

        assertThat(sandbox.run("t1", "env https_proxy").toString()).contains("http://127.0.0.1:17080");
        assertThat(sandbox.run("t2", "env MINE").toString()).contains("\"text\":\"yes\"");
    }

    @Test
    void aChangedAgentIsStartedAgainAndASandboxIsNeverGivenToAnotherSession() throws Exception {
        ready("all");

        sandbox.supervisor().configure(AgentSession.parse(sandbox.session("all", Map.of("MINE", "new"))));

        assertThat(sandbox.run("t1", "env MINE").toString()).contains("\"text\":\"new\"");
        JsonNode other = sandbox.session("all", Map.of()).deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) other).put("sessionId", "s-2");
        assertThat(sandbox.supervisor().configure(AgentSession.parse(other)))
                .isEqualTo(Supervisor.Configured.BELONGS_TO_ANOTHER);
    }

    @Test
    void aTurnsOwnModeIsPutBackAfterIt() throws Exception {
        ready("all");
        var planned = Sandbox.turn("t1", "say plan");
        planned.put("mode", "plan");

        sandbox.supervisor().startTurn(TurnRequest.parse(planned));
        sandbox.awaitEnd("t1");
        List<JsonNode> next = sandbox.run("t2", "say go");

        assertThat(sandbox.entries("t1").toString()).contains("\"currentModeId\":\"plan\"");
        assertThat(next.toString()).contains("\"currentModeId\":\"default\"");
    }
}
