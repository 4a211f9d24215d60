package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any one service, Kafka or Postgres may be killed in the middle of an answer; the launcher starts it again. A viewer that comes back with the last id it saw ends with the
 * very stream that a later viewer gets from the start; the turn ends once, with its checkpoint.
 */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PulledPlugTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Path folder = Path.of("unset");
    private FakeLlm model;
    private Slipway slipway;
    private Api api;
    private String workspace = "unset";
    private String agent = "unset";

    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    PulledPlugTest() {}

    @BeforeAll
    void start() throws IOException {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        slipway = Slipway.start(Slipway.Shape.ISOLATED, folder, model.environment());
        api = slipway.api();
        api.post(
                        "/api/projects/local/credentials",
                        Map.of(
                                "provider",
                                "anthropic",
                                "name",
                                "a",
                                "authType",
                                "api_key",
                                "apiKey",
                                model.anthropicKey))
                .expect(200);
        workspace = api.workspace(Repositories.small(folder.resolve("repo")).toString());
        agent = api.agent("claude-code");
    }

    @AfterAll
    void stop() {
        try (FakeLlm _ = model;
                Slipway _ = slipway) {
            // Each story deletes its session.
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "session-service",
                "container-service",
                "gateway",
                "workspace-service",
                "credential-service",
                "mitm-proxy",
                "kafka",
                "postgres"
            })
    void inTheMiddleOfAnAnswerLosesAndDoublesNothing(String service) {
        String session = api.session(workspace, agent);
        api.awaitSession(session, "ready");
        String messageId = "m-" + service;
        String text = "[[script:slow n=60 ms=100]]";

        ProcessHandle victim = slipway.process(service);
        List<ChatStream.Frame> seen = new ArrayList<>();
        try (ChatStream stream = api.chat(session, messageId, text)) {
            while (seen.size() < 12) {
                seen.add(Objects.requireNonNull(stream.next()));
            }
            assertThat(victim.destroyForcibly()).isTrue();
            readOn(stream, seen);
        } catch (IOException _) {
            // The connection went with the service: the viewer comes back below.
        }
        Instant until = Instant.now().plus(PATIENCE);
        while (!endsATurn(seen)) {
            assertThat(Instant.now()).as("still without an end: " + seen).isBefore(until);
            comeBack(session, seen);
        }
        awaitReady(session);
        List<ChatStream.Frame> fromTheStart;
        try (ChatStream joined = api.chat(session, messageId, text)) {
            fromTheStart = joined.rest();
        }

        assertThat(seen).isEqualTo(fromTheStart);
        assertThat(seen.getLast().chunk().path("type").asText()).isEqualTo("finish");
        assertThat(api.get("/api/projects/local/sessions/" + session + "/messages")
                        .expect(200)
                        .path("messages"))
                .hasSize(2);
        api.send("DELETE", "/api/projects/local/sessions/" + session, null).expect(200);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> api.get("/api/projects/local/sessions/" + session).status() == 404);
    }

    /** Also if all of the answer came before what was killed is back. */
    private void awaitReady(String session) {
        org.awaitility.Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    Api.Answer now = api.get("/api/projects/local/sessions/" + session);
                    return now.status() == 200
                            && now.expect(200).path("status").asText().equals("ready");
                });
    }

    private static void readOn(ChatStream stream, List<ChatStream.Frame> seen) throws IOException {
        for (ChatStream.Frame frame = stream.next(); frame != null; frame = stream.next()) {
            seen.add(frame);
        }
    }

    private void comeBack(String session, List<ChatStream.Frame> seen) {
        String last = Objects.requireNonNull(seen.getLast().id());
        try {
            var response = api.open(
                    "GET",
                    "/api/projects/local/chat/" + session + "/stream",
                    null,
                    Map.of("Last-Event-ID", last, "Accept", "text/event-stream"));
            if (response.statusCode() != 200) {
                response.body().close();
                Thread.sleep(500);
                return;
            }
            try (ChatStream stream = ChatStream.of(response)) {
                readOn(stream, seen);
            }
        } catch (IOException | UncheckedIOException _) {
            // Still away, or away again.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static boolean endsATurn(List<ChatStream.Frame> seen) {
        String type = seen.getLast().chunk().path("type").asText();
        return type.equals("finish") || type.equals("abort") || type.equals("error");
    }
}
