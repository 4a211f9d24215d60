package dev.slipway.session.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.session.SessionEvent.QueueChanged;
import dev.slipway.session.testing.Suite;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be done with messages that were sent while the agent was busy. */
@Timeout(90)
class QueueTest {
    private static Suite suite;

    private String session;
    private CompletableFuture<HttpResponse<String>> running;
    private CompletableFuture<HttpResponse<String>> first;
    private CompletableFuture<HttpResponse<String>> second;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    @BeforeEach
    void twoMessagesWait() {
        session = suite.readySession();
        running = saying("m0", "hang");
        suite.awaitStatus(session, "running");
        first = saying("m1", "say 1 0");
        Suite.await(() -> queue().size() == 1);
        second = saying("m2", "say 2 0");
        Suite.await(() -> queue().size() == 2);
    }

    private CompletableFuture<HttpResponse<String>> saying(String id, String text) {
        return CompletableFuture.supplyAsync(
                () -> suite.stream("POST", "/chat", Suite.message(session, id, text), Map.of()));
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> queue() {
        return (List<Map<String, Object>>)
                suite.call("GET", "/chat/" + session + "/queue", null).body().get("queue");
    }

    private String turn(int place) {
        return String.valueOf(queue().get(place).get("turnId"));
    }

    private void finish() {
        suite.call("POST", "/chat/" + session + "/cancel", Map.of());
        running.join();
    }

    private List<String> texts() {
        return List.of(suite.call("GET", "/sessions/" + session + "/messages", null)
                .body()
                .toString()
                .split("text=", -1));
    }

    @Test
    void aWaitingMessageIsEdited() {
        Suite.Answer edited =
                suite.call("PUT", "/chat/" + session + "/queue/" + turn(0), Map.of("text", "say 5 0", "mode", "plan"));
        finish();

        assertThat(edited.status()).isEqualTo(200);
        assertThat(first.join().body()).contains("tick 4 ").endsWith("data: [DONE]\n\n");
        assertThat(texts()).anyMatch(text -> text.startsWith("say 5 0"));
        assertThat(second.join().body()).contains("tick 1 ");
        Suite.await(() -> !suite.lifecycle().about(session, QueueChanged.class).isEmpty());
    }

    @Test
    void theOrderIsChangedAndEachMessageIsFollowedByItsAnswer() {
        List<String> order = List.of(turn(1), turn(0));

        Suite.Answer reordered = suite.call("PUT", "/chat/" + session + "/queue", Map.of("order", order));
        Suite.Answer incomplete =
                suite.call("PUT", "/chat/" + session + "/queue", Map.of("order", List.of(order.get(0))));
        finish();
        first.join();
        second.join();

        assertThat(reordered.status()).isEqualTo(200);
        assertThat(incomplete.status()).isEqualTo(409);
        String kept = String.join("|", texts());
        assertThat(kept.indexOf("say 2 0")).isLessThan(kept.indexOf("say 1 0"));
        assertThat(kept.indexOf("tick 1 ")).isBetween(kept.indexOf("say 2 0"), kept.indexOf("say 1 0"));
    }

    @Test
    void aRemovedMessageIsGoneAndItsStreamEnds() {
        Suite.Answer removed = suite.call("DELETE", "/chat/" + session + "/queue/" + turn(0), null);
        HttpResponse<String> stream = first.join();
        finish();
        second.join();

        assertThat(removed.status()).isEqualTo(200);
        assertThat(stream.body()).contains("{\"type\":\"abort\"}").endsWith("data: [DONE]\n\n");
        assertThat(texts()).noneMatch(text -> text.startsWith("say 1 0"));
        assertThat(suite.peers().agent(session).turnsBegun()).isEqualTo(2);
    }

    @Test
    void whatTheAgentHasAlreadyCannotBeChanged() {
        String early = turn(0);
        finish();
        first.join();
        second.join();

        assertThat(suite.call("PUT", "/chat/" + session + "/queue/" + early, Map.of("text", "x"))
                        .status())
                .isEqualTo(409);
        assertThat(suite.call("DELETE", "/chat/" + session + "/queue/" + early, null)
                        .status())
                .isEqualTo(409);
        assertThat(suite.call("DELETE", "/chat/" + session + "/queue/none", null)
                        .status())
                .isEqualTo(404);
    }
}
