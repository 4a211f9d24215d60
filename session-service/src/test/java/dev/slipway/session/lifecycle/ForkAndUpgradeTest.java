package dev.slipway.session.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.container.SandboxEvent.SandboxImageOutdated;
import dev.slipway.contracts.session.SessionEvent.SessionRequested;
import dev.slipway.kit.identity.Role;
import dev.slipway.session.testing.Suite;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session keeps when it is copied, or when its sandbox is replaced. */
@Timeout(90)
class ForkAndUpgradeTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static String say(String session, String id, String text) {
        return suite.stream("POST", "/chat", Suite.message(session, id, text), Map.of())
                .body();
    }

    @Test
    void aForkBeginsAtTheSourcesBranchWithItsConversationWhichItsAgentIsTold() {
        String source = suite.readySession();
        say(source, "m1", "say 2 0");

        Suite.Answer forked = suite.call("POST", "/sessions/" + source + "/fork", Map.of("name", "Other way"));
        String fork = String.valueOf(forked.body().get("id"));
        suite.makeReady(fork);
        String answer = say(fork, "m2", "say 1 0");

        assertThat(forked.status()).isEqualTo(201);
        assertThat(forked.body()).containsEntry("name", "Other way");
        assertThat(suite.lifecycle().about(fork, SessionRequested.class).getFirst())
                .containsEntry("baseRef", "slipway/" + source);
        assertThat(answer).contains("tick 0 ").endsWith("data: [DONE]\n\n");
        assertThat(suite.call("GET", "/sessions/" + fork + "/messages", null)
                        .body()
                        .get("messages"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(4);
        assertThat(String.valueOf(suite.peers().agent(fork).lastRequest().get("history")))
                .contains("User: say 2 0", "You: tick 0 ");
        assertThat(suite.call("POST", "/sessions/none/fork", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void aReplacedSandboxIsToldTheConversationAndOneThatKeptItIsNot() {
        String session = suite.readySession();
        say(session, "m1", "say 2 0");
        say(session, "m2", "say 1 0");
        assertThat(suite.peers().agent(session).lastRequest().get("history")).isNull();
        suite.call("POST", "/sessions/" + session + "/stop", Map.of());
        suite.peers().replaceSandbox(session);
        suite.call("POST", "/sessions/" + session + "/resume", Map.of());
        Suite.await(() -> suite.generation(session) == 3);
        suite.sayReady(session);
        suite.awaitStatus(session, "ready");

        say(session, "m3", "say 1 0");

        assertThat(String.valueOf(suite.peers().agent(session).lastRequest().get("history")))
                .contains("User: say 2 0", "User: say 1 0")
                .doesNotContain("m3");
    }

    @Test
    void aNewerImageIsShownAndAnUpgradeReplacesTheContainer() {
        String session = suite.readySession();
        suite.lifecycle().say(suite.project, session, new SandboxImageOutdated(session, "sha256:1", "sha256:2"));
        suite.peers().newestImage("sha256:2");
        Suite.await(() -> Boolean.TRUE.equals(
                suite.call("GET", "/sessions/" + session, null).body().get("updateAvailable")));

        Suite.Answer update = suite.call("GET", "/sessions/" + session + "/update", null);
        Suite.Answer upgraded = suite.call("POST", "/sessions/" + session + "/upgrade", Map.of());
        Suite.await(() -> suite.generation(session) == 2);
        suite.sayReady(session);
        suite.awaitStatus(session, "ready");
        suite.peers().newestImage("sha256:1");

        assertThat(update.body()).containsEntry("updateAvailable", true).containsEntry("newest", "sha256:2");
        assertThat(upgraded.status()).isEqualTo(200);
        assertThat(suite.call("GET", "/sessions/" + session, null).body()).containsEntry("updateAvailable", false);
        assertThat(suite.call("GET", "/sessions/" + session + "/update", null).body())
                .containsEntry("updateAvailable", false);
    }

    @Test
    void aRefreshReplacesIdleSandboxesOfOldImagesAndInterruptsNoTurn() {
        String old = suite.readySession();
        String busy = suite.readySession();
        String current = suite.readySession();
        suite.peers()
                .images(List.of(
                        image(suite.project, old, "sha256:2"),
                        image(suite.project, busy, "sha256:2"),
                        image(suite.project, current, "sha256:1"),
                        image("another", "somebodys", "sha256:2")));
        Thread turn = Thread.ofVirtual().start(() -> say(busy, "m1", "say 30 100"));
        suite.awaitStatus(busy, "running");

        Suite.Answer refreshed = suite.call("POST", "/sessions/refresh?outdatedOnly=true", Map.of());

        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(String.valueOf(refreshed.body().get("sessions")))
                .contains("sessionId=" + old, "action=upgrading", "sessionId=" + busy, "action=busy")
                .doesNotContain(current, "somebodys");
        Suite.await(() -> suite.generation(old) == 2);
        assertThat(suite.generation(busy)).isEqualTo(1);
        assertThat(suite.generation(current)).isEqualTo(1);
        turn.interrupt();

        Suite.Answer all = suite.call("POST", "/sessions/refresh", Map.of());

        assertThat(String.valueOf(all.body().get("sessions"))).contains("sessionId=" + current, "action=starting");
        Suite.await(() -> suite.generation(current) == 2);
    }

    @Test
    void aRefreshLeavesASessionThatHasAMessageToGiveToItsAgent() throws Exception {
        String session = suite.readySession();
        suite.peers().images(List.of(image(suite.project, session, "sha256:2")));
        suite.peers().lose(session, true);
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                () -> say(session, "m1", "say 1 0"), task -> Thread.ofVirtual().start(task));
        Suite.await(() -> String.valueOf(suite.call("GET", "/sessions/" + session + "/messages", null)
                        .body())
                .contains("say 1 0"));

        Suite.Answer refreshed = suite.call("POST", "/sessions/refresh", Map.of());

        assertThat(String.valueOf(refreshed.body().get("sessions")))
                .contains("sessionId=" + session, "action=busy")
                .doesNotContain("upgrading");
        suite.peers().lose(session, false);
        assertThat(answer.get(60, TimeUnit.SECONDS))
                .contains("tick 0 ", "[DONE]")
                .doesNotContain("abort");
    }

    private static Map<String, Object> image(String project, String session, String newest) {
        return Map.of(
                "projectId",
                project,
                "sessionId",
                session,
                "image",
                "image:1",
                "digest",
                "sha256:1",
                "newest",
                newest,
                "outdated",
                !newest.equals("sha256:1"));
    }

    @Test
    void otherServicesLearnWhoseASessionIsAndNobodyElse() {
        String session = suite.readySession();

        assertThat(suite.internal("/sessions/" + session, Role.SYSTEM).body())
                .isEqualTo(Map.of("id", session, "projectId", suite.project, "workspaceId", "w1", "status", "ready"));
        assertThat(suite.internal("/sessions/none", Role.SYSTEM).status()).isEqualTo(404);
        assertThat(suite.internal("/sessions/" + session, Role.OWNER).status()).isEqualTo(403);
    }

    @Test
    void whatTheAgentOffersIsShownWithItsSandboxOrWithout() {
        String session = suite.readySession();
        Object agent = suite.call("GET", "/sessions/" + session, null).body().get("agentId");
        Map<String, Object> model = Map.of("modelId", "big", "name", "Big");
        suite.peers()
                .agent(session)
                .write(
                        null,
                        "agent.started",
                        Map.of(
                                "models", Map.of("currentModelId", "big", "availableModels", List.of(model)),
                                "modes", Map.of("availableModes", List.of(Map.of("id", "plan", "name", "Plan")))));
        suite.peers()
                .agent(session)
                .write(
                        null,
                        "acp.update",
                        Map.of(
                                "sessionUpdate",
                                "available_commands_update",
                                "availableCommands",
                                List.of(Map.of("name", "review", "description", "Reviews the changes"))));
        Suite.await(() -> suite.call("GET", "/sessions/" + session + "/commands", null)
                .body()
                .toString()
                .contains("review"));

        suite.call("POST", "/sessions/" + session + "/stop", Map.of());

        assertThat(suite.call("GET", "/sessions/" + session + "/commands", null)
                        .body()
                        .toString())
                .contains("Reviews the changes");
        assertThat(suite.call("GET", "/agents/" + agent + "/models", null)
                        .body()
                        .toString())
                .contains("id=big", "id=plan", "model=big");
        assertThat(suite.call("GET", "/agents/none/models", null).status()).isEqualTo(404);
    }

    @Test
    void whatIsAttachedReachesTheAgentAsContentThatItKnows() {
        String session = suite.readySession();
        List<Map<String, Object>> parts = List.of(
                Map.of("type", "text", "text", "say 1 0"),
                Map.of("type", "file", "mediaType", "image/png", "url", "data:image/png;base64,AAAA"),
                Map.of(
                        "type",
                        "file",
                        "mediaType",
                        "text/plain",
                        "filename",
                        "n.txt",
                        "url",
                        "data:text/plain;base64,aGk="),
                Map.of("type", "file", "mediaType", "text/plain", "filename", "a.txt", "url", "workspace:src/a.txt"));
        Map<String, Object> message = Map.of("id", "m1", "role", "user", "parts", parts);

        suite.stream("POST", "/chat", Map.of("id", session, "message", message), Map.of());

        assertThat(String.valueOf(suite.peers().agent(session).lastRequest().get("prompt")))
                .contains("type=image", "data=AAAA", "text=hi", "uri=workspace:src/a.txt");
        Map<String, Object> odd = Map.of("type", "file", "mediaType", "text/plain", "url", "file:///etc/passwd");
        Map<String, Object> refused = Map.of("id", "m2", "role", "user", "parts", List.of(odd));
        assertThat(suite.call("POST", "/chat", Map.of("id", session, "message", refused))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aMessageMayHaveItsOwnModelModeAndReasoning() {
        String session = suite.readySession();
        Map<String, Object> body = new java.util.HashMap<>(Suite.message(session, "m1", "say 1 0"));
        body.putAll(Map.of("model", "big", "mode", "plan", "reasoning", "high"));

        suite.stream("POST", "/chat", body, Map.of());

        assertThat(suite.peers().agent(session).lastRequest())
                .containsEntry("model", "big")
                .containsEntry("mode", "plan")
                .containsEntry("reasoning", "high");
    }
}
