package dev.slipway.session.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.session.SessionEvent.PermissionRequested;
import dev.slipway.contracts.session.SessionEvent.PermissionResolved;
import dev.slipway.session.testing.Suite;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an agent asks, who answers, and what happens if nobody does. */
@Timeout(90)
class RequestTest {
    private Suite suite;
    private String session;

    @BeforeEach
    void start() throws Exception {
        suite = new Suite(Map.of("slipway.session.request-timeout", "1m"));
        session = suite.readySession();
    }

    @AfterEach
    void stop() {
        suite.close();
    }

    private CompletableFuture<HttpResponse<String>> saying(String id, String text) {
        return CompletableFuture.supplyAsync(
                () -> suite.stream("POST", "/chat", Suite.message(session, id, text), Map.of()));
    }

    private Map<String, Object> asked() {
        Suite.await(() -> !requests().isEmpty());
        return requests().getFirst();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> requests() {
        Object found =
                suite.call("GET", "/chat/" + session + "/requests", null).body().get("requests");
        return found == null ? List.of() : (List<Map<String, Object>>) found;
    }

    private Suite.Answer answer(Map<String, Object> request, Map<String, Object> answer) {
        return suite.call("POST", "/chat/" + session + "/requests/" + request.get("id"), answer);
    }

    @Test
    void aQuestionIsAnsweredInItsOwnWords() {
        CompletableFuture<HttpResponse<String>> stream = saying("m1", "question");
        Map<String, Object> request = asked();

        Suite.Answer wrong = answer(request, Map.of("answers", Map.of("question_0", "green")));
        Suite.Answer right = answer(request, Map.of("answers", Map.of("question_0", "blue")));

        assertThat(request).containsEntry("kind", "question").containsEntry("title", "Which colour?");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(right.status()).isEqualTo(200);
        assertThat(stream.join().body())
                .contains("\"type\":\"data-question\"")
                .contains("\"optionId\":\"red\"")
                .contains("answer: {answers={question_0=blue}}")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void aQuestionWithOneChoiceIsAnsweredByItsOption() {
        CompletableFuture<HttpResponse<String>> stream = saying("m1", "question");

        Suite.Answer answered = answer(asked(), Map.of("optionId", "red"));

        assertThat(answered.status()).isEqualTo(200);
        assertThat(stream.join().body()).contains("answer: {answers={question_0=red}}");
    }

    @Test
    void whatNobodyAnswersGetsItsDefault() throws Exception {
        suite.close();
        suite = new Suite(Map.of("slipway.session.request-timeout", "4s"));
        session = suite.readySession();
        CompletableFuture<HttpResponse<String>> permission = saying("m1", "ask");
        Map<String, Object> request = asked();
        String refused = permission.join().body();

        String declined = saying("m2", "question").join().body();

        assertThat(request).containsEntry("defaultOptionId", "reject").containsKey("expiresAt");
        assertThat(refused).contains("\"optionId\":\"reject\"").contains("tool-output-error");
        assertThat(declined).contains("answer: {declined=true}").endsWith("data: [DONE]\n\n");
        Suite.await(() -> suite.lifecycle().about(session, PermissionRequested.class).stream()
                .anyMatch(event -> "Write hello.txt".equals(event.get("title"))));
        Suite.await(() -> suite.lifecycle().about(session, PermissionResolved.class).stream()
                .anyMatch(event -> "expired".equals(event.get("by"))));
    }

    @Test
    void anAnswerForAlwaysIsAskedForNoMoreUntilItIsTakenBack() {
        CompletableFuture<HttpResponse<String>> first = saying("m1", "ask");
        answer(asked(), Map.of("optionId", "allow", "always", true));
        first.join();

        String second = saying("m2", "ask").join().body();
        Suite.Answer policy = suite.call("GET", "/chat/" + session + "/permissions", null);
        Suite.Answer takenBack = suite.call("DELETE", "/chat/" + session + "/permissions/Write", null);
        CompletableFuture<HttpResponse<String>> third = saying("m3", "ask");
        Map<String, Object> again = asked();
        answer(again, Map.of("optionId", "reject"));

        assertThat(second).contains("tool-output-available");
        assertThat(policy.body().toString()).contains("tool=Write", "decision=allow");
        assertThat(takenBack.status()).isEqualTo(200);
        assertThat(third.join().body()).contains("tool-output-error");
    }

    @Test
    void aSessionsPolicyAnswersWhatWaitsAndWhatComes() {
        CompletableFuture<HttpResponse<String>> first = saying("m1", "ask");
        asked();

        Suite.Answer decided = suite.call("PUT", "/chat/" + session + "/permissions", Map.of("permissions", "edits"));
        String answered = first.join().body();
        String second = saying("m2", "ask").join().body();

        assertThat(decided.body()).containsEntry("permissions", "edits");
        assertThat(answered).contains("tool-output-available");
        assertThat(second).contains("tool-output-available");
        assertThat(suite.peers().agent(session).lastRequest()).containsEntry("permissions", "edits");
        assertThat(suite.call("PUT", "/chat/" + session + "/permissions", Map.of("permissions", "some"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aRequestOutlivesTheServiceThatHeardIt() {
        CompletableFuture<HttpResponse<String>> stream = saying("m1", "question");
        stream.exceptionally(_ -> null);
        Map<String, Object> request = asked();
        suite.restart();

        Suite.Answer answered = answer(request, Map.of("optionId", "blue"));

        assertThat(answered.status()).isEqualTo(200);
        suite.awaitStatus(session, "ready");
        assertThat(suite.call("GET", "/sessions/" + session + "/messages", null)
                        .body()
                        .toString())
                .contains("question_0=blue");
    }
}
