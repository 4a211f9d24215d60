package dev.slipway.session.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.session.testing.Suite;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user gets who says something to a session. */
@Timeout(90)
class ChatTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static HttpResponse<String> say(String session, String id, String text) {
        return suite.stream("POST", "/chat", Suite.message(session, id, text), Map.of());
    }

    private static CompletableFuture<HttpResponse<String>> saying(String session, String id, String text) {
        return CompletableFuture.supplyAsync(() -> say(session, id, text));
    }

    private static HttpResponse<String> resume(String session, Map<String, String> headers) {
        return suite.stream("GET", "/chat/" + session + "/stream", null, headers);
    }

    /** The frames alone: comments come as time passes. */
    private static String frames(HttpResponse<String> stream) {
        return stream.body().replaceAll("(?m)^:.*\n\n", "");
    }

    @Test
    void anAnswerStreamsFromStartToDone() {
        String session = suite.readySession();

        HttpResponse<String> answer = say(session, "m1", "say 5 1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-cache, no-transform");
        assertThat(answer.headers().firstValue("x-accel-buffering")).hasValue("no");
        assertThat(answer.headers().firstValue("x-vercel-ai-ui-message-stream")).hasValue("v1");
        assertThat(frames(answer))
                .matches("(?s)id: [^:]+:1\ndata: \\{\"type\":\"start\".*")
                .contains("tick 4")
                .endsWith("\"finishReason\":\"stop\",\"messageMetadata\":{\"commit\":\"c0ffee\",\"usage\":"
                        + "{\"inputTokens\":7,\"outputTokens\":3}}}\n\ndata: [DONE]\n\n");
        suite.awaitStatus(session, "ready");
    }

    @Test
    void bothMessagesAreKeptAndTheUsageIsCounted() {
        String session = suite.readySession();
        say(session, "m1", "say 2 0");

        Map<String, Object> kept =
                suite.call("GET", "/sessions/" + session + "/messages", null).body();
        Map<String, Object> seen =
                suite.call("GET", "/sessions/" + session, null).body();

        assertThat(kept.get("messages"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .extracting("role")
                .containsExactly("user", "assistant");
        assertThat(String.valueOf(kept.get("messages")))
                .contains("tick 0")
                .contains("tick 1")
                .contains("c0ffee");
        assertThat(seen.get("usage")).isEqualTo(Map.of("inputTokens", 7, "outputTokens", 3, "costUsd", 0.0));
        assertThat(seen).containsEntry("name", "say 2 0").containsEntry("headCommit", "c0ffee");
    }

    @Test
    void aSessionIsNamedByItsFirstMessageUntilSomebodyNamesIt() {
        String session = suite.readySession();
        say(session, "m1", "say 1 0 of the first message");
        assertThat(name(session)).isEqualTo("say 1 0 of the first message");

        say(session, "m2", "say 1 0 of the second message");
        assertThat(name(session)).isEqualTo("say 1 0 of the first message");

        assertThat(suite.call("PATCH", "/sessions/" + session, Map.of("name", "Ours"))
                        .status())
                .isEqualTo(200);
        say(session, "m3", "say 1 0 of the third message");
        assertThat(name(session)).isEqualTo("Ours");
        assertThat(suite.call("PATCH", "/sessions/" + session, Map.of("name", 7))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aSessionThatWasNamedBeforehandKeepsItsName() {
        String session = suite.readySession();
        suite.call("PATCH", "/sessions/" + session, Map.of("name", "Ours"));

        say(session, "m1", "say 1 0 of the first message");

        assertThat(name(session)).isEqualTo("Ours");
    }

    private static Object name(String session) {
        return String.valueOf(
                suite.call("GET", "/sessions/" + session, null).body().get("name"));
    }

    @Test
    void theSameMessageAgainJoinsItsTurn() {
        String session = suite.readySession();
        HttpResponse<String> first = say(session, "m1", "say 3 0");

        HttpResponse<String> second = say(session, "m1", "say 3 0");

        assertThat(frames(second)).isEqualTo(frames(first));
        assertThat(suite.peers().agent(session).turnsBegun()).isEqualTo(1);
    }

    @Test
    void aSecondMessageWaitsForTheFirst() {
        String session = suite.readySession();
        CompletableFuture<HttpResponse<String>> first = saying(session, "m1", "say 30 100");
        suite.awaitStatus(session, "running");

        HttpResponse<String> second = say(session, "m2", "say 1 0");

        assertThat(second.body()).contains("\"type\":\"data-queued\"").endsWith("data: [DONE]\n\n");
        assertThat(first.join().body()).contains("tick 29").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aSecondMessageIsRejectedOnRequest() {
        String session = suite.readySession();
        CompletableFuture<HttpResponse<String>> first = saying(session, "m1", "say 20 200");
        suite.awaitStatus(session, "running");

        HttpResponse<String> second =
                suite.stream("POST", "/chat?ifRunning=reject", Suite.message(session, "m2", "say 1 0"), Map.of());

        assertThat(second.statusCode()).isEqualTo(409);
        first.join();
    }

    @Test
    void aCancelledTurnEndsWithAbort() {
        String session = suite.readySession();
        CompletableFuture<HttpResponse<String>> answer = saying(session, "m1", "hang");
        suite.awaitStatus(session, "running");

        Suite.Answer cancelled = suite.call("POST", "/chat/" + session + "/cancel", Map.of());

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(answer.join().body()).contains("{\"type\":\"abort\"}").endsWith("data: [DONE]\n\n");
        suite.awaitStatus(session, "ready");
        assertThat(suite.call("POST", "/chat/" + session + "/cancel", Map.of()).status())
                .isEqualTo(409);
    }

    @Test
    void anErrorOfTheModelEndsTheStreamWithError() {
        String session = suite.readySession();

        HttpResponse<String> answer = say(session, "m1", "break");

        assertThat(answer.body())
                .contains("{\"type\":\"error\",\"errorText\":\"the model is away\"}")
                .endsWith("data: [DONE]\n\n");
        suite.awaitStatus(session, "ready");
    }

    @Test
    void aQuestionOfTheAgentIsAnsweredByAMember() {
        String session = suite.readySession();
        CompletableFuture<HttpResponse<String>> answer = saying(session, "m1", "ask");
        Suite.await(() -> suite.call("GET", "/chat/" + session + "/requests", null)
                .body()
                .toString()
                .contains("req-"));
        Map<String, Object> request = requests(session).getFirst();
        String path = "/chat/" + session + "/requests/" + request.get("id");

        Suite.Answer wrong = suite.call("POST", path, Map.of("optionId", "maybe"));
        Suite.Answer right = suite.call("POST", path, Map.of("optionId", "allow"));
        Suite.Answer late = suite.call("POST", path, Map.of("optionId", "reject"));

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(right.status()).isEqualTo(200);
        assertThat(late.status()).isEqualTo(409);
        assertThat(answer.join().body())
                .contains("\"type\":\"data-permission\"")
                .contains("\"state\":\"resolved\"")
                .contains("\"type\":\"tool-output-available\"")
                .endsWith("data: [DONE]\n\n");
        assertThat(requests(session)).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> requests(String session) {
        return (List<Map<String, Object>>)
                suite.call("GET", "/chat/" + session + "/requests", null).body().get("requests");
    }

    @Test
    void whoeverComesBackGetsExactlyTheRest() {
        String session = suite.readySession();
        String all = frames(say(session, "m1", "say 20 0"));
        int cut = all.indexOf("\n\nid: ", all.length() / 2) + 2;
        String seen = all.substring(0, cut);
        String lastId = seen.substring(seen.lastIndexOf("id: ") + 4, seen.indexOf('\n', seen.lastIndexOf("id: ")));

        HttpResponse<String> rest = resume(session, Map.of("Last-Event-ID", lastId));

        assertThat(seen + frames(rest)).isEqualTo(all);
    }

    @Test
    void whoeverComesWithoutAPositionSeesTheRunningTurnFromItsStart() {
        String session = suite.readySession();
        CompletableFuture<HttpResponse<String>> first = saying(session, "m1", "say 40 100");
        Suite.await(() -> suite.status(session).equals("running"));

        HttpResponse<String> second = resume(session, Map.of());

        assertThat(frames(second)).isEqualTo(frames(first.join()));
    }

    @Test
    void anIdleSessionHasNothingToStream() {
        String session = suite.readySession();

        assertThat(resume(session, Map.of()).statusCode()).isEqualTo(204);
        assertThat(resume("unknown", Map.of()).statusCode()).isEqualTo(204);
    }

    @Test
    void aMessageForAnUnknownSessionMakesItWhereTheRequestSays() {
        String session = "new-" + java.util.UUID.randomUUID();
        Map<String, Object> body = new java.util.HashMap<>(Suite.message(session, "m1", "say 2 0"));
        body.put("workspaceId", "w1");
        CompletableFuture<HttpResponse<String>> answer =
                CompletableFuture.supplyAsync(() -> suite.stream("POST", "/chat", body, Map.of()));
        Suite.await(() -> suite.call("GET", "/sessions/" + session, null).status() == 200);

        suite.makeReadyForTurn(session);

        assertThat(answer.join().body()).contains("tick 1").endsWith("data: [DONE]\n\n");
    }

    @Test
    void badRequestsGetClearErrors() {
        String session = suite.readySession();

        assertThat(suite.call("POST", "/chat", Map.of("id", session)).status()).isEqualTo(400);
        assertThat(suite.call("POST", "/chat", Map.of("messages", List.of())).status())
                .isEqualTo(400);
        assertThat(suite.call("POST", "/chat", Suite.message("nobody", "m1", "hi"))
                        .status())
                .isEqualTo(404);
        assertThat(suite.call("POST", "/chat/" + session + "/requests/none", Map.of("optionId", "x"))
                        .status())
                .isEqualTo(404);
    }
}
