package dev.slipway.session.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.session.testing.Suite;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user gets who says something to a session. */
class ChatTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        suite.close();
    }

    @Test
    void anAnswerStreamsFromStartToDone() {
        String session = suite.readySession();

        HttpResponse<String> answer = suite.stream("POST", "/chat", Suite.message(session, "m1", "say 5 1"), Map.of());

        System.err.println(answer.headers().map());
        System.err.println(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"type\":\"start\"").endsWith("data: [DONE]\n\n");
        suite.awaitStatus(session, "ready");
    }
}
