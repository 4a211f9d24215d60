package dev.slipway.session.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.session.testing.Suite;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A turn comes to an end whoever falls silent, and the session takes the next one. */
@Timeout(90)
class WatchdogTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of(
                "slipway.session.silence-timeout", "6s",
                "slipway.session.dispatch-timeout", "6s",
                "slipway.session.cancel-timeout", "2s"));
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static String say(String session, String id, String text) {
        return suite.stream("POST", "/chat", Suite.message(session, id, text), Map.of())
                .body();
    }

    private static void awaitBegun(String session, int turns) {
        Suite.await(() -> suite.peers().agent(session).turnsBegun() == turns);
    }

    @Test
    void anAgentThatFallsSilentEndsItsTurnWithAnErrorAndTheNextMessageIsAnswered() {
        String session = suite.readySession();

        String answer = say(session, "m1", "hang");

        assertThat(answer).contains("silent for too long").endsWith("data: [DONE]\n\n");
        suite.awaitStatus(session, "ready");
        assertThat(say(session, "m2", "say 3 1")).contains("tick 2", "\"finish\"");
    }

    @Test
    void anAgentThatTalksIsLeftToTalkForAsLongAsItLikes() {
        String session = suite.readySession();

        String answer = say(session, "m1", "say 80 100");

        assertThat(answer).contains("tick 79", "\"finish\"").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aLostRelayEndsTheTurnWithAnErrorAndIsFoundAgain() {
        String session = suite.readySession();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> say(session, "m1", "say 400 20"));
        awaitBegun(session, 1);

        suite.peers().lose(session, true);

        assertThat(answer.join()).contains("\"error\"").endsWith("data: [DONE]\n\n");
        suite.peers().lose(session, false);
        Suite.await(() -> say(session, "m" + System.nanoTime(), "say 2 1").contains("\"finish\""));
    }

    @Test
    void anAgentThatCannotBeReachedDoesNotKeepAMessageWaitingForEver() {
        String session = suite.readySession();
        suite.peers().lose(session, true);

        String answer = say(session, "m1", "say 3 1");

        assertThat(answer).contains("did not take the message in time").endsWith("data: [DONE]\n\n");
        suite.peers().lose(session, false);
    }

    @Test
    void aCancelledTurnEndsEvenIfNobodyHears() {
        String session = suite.readySession();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> say(session, "m1", "say 400 20"));
        awaitBegun(session, 1);
        suite.peers().lose(session, true);

        suite.call("POST", "/chat/" + session + "/cancel", null);

        assertThat(answer.join()).contains("\"abort\"").endsWith("data: [DONE]\n\n");
        suite.peers().lose(session, false);
    }
}
