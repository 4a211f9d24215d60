package dev.slipway.session.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.container.SandboxEvent.SandboxFailed;
import dev.slipway.contracts.container.SandboxEvent.SandboxProgress;
import dev.slipway.contracts.container.SandboxEvent.SandboxReady;
import dev.slipway.contracts.container.SandboxEvent.SandboxRemoved;
import dev.slipway.contracts.container.SandboxEvent.SandboxStopped;
import dev.slipway.contracts.session.SessionEvent.SessionRemoved;
import dev.slipway.contracts.session.SessionEvent.SessionRequested;
import dev.slipway.contracts.session.SessionEvent.SessionStatusChanged;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutFailed;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutPrepared;
import dev.slipway.session.store.Sql;
import dev.slipway.session.testing.Suite;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session's way through events, from its creation to its removal. */
@Timeout(90)
class SessionLifeTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of("slipway.session.progress-timeout", "15s", "slipway.session.removal-timeout", "4s"));
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static String create() {
        String id = "s-" + UUID.randomUUID();
        Suite.Answer created = suite.call("POST", "/workspaces/w1/sessions", Map.of("id", id));
        assertThat(created.status()).isEqualTo(201);
        return id;
    }

    private static List<Object> statuses(String session) {
        return suite.lifecycle().about(session, SessionStatusChanged.class).stream()
                .map(data -> data.get("status"))
                .distinct()
                .toList();
    }

    @Test
    void goesItsWayToReadyAndTellsEachStep() {
        String session = create();
        suite.lifecycle().say(suite.project, session, new CheckoutPrepared(session, "w1", "slipway/" + session, "abc"));
        Suite.await(() -> !suite.wanted(session).isEmpty());
        for (String phase : List.of("pulling_image", "creating_sandbox", "cloning", "starting_agent")) {
            suite.lifecycle().say(suite.project, session, new SandboxProgress(session, 1, phase, 50, "Half of it."));
        }
        suite.sayReady(session);
        suite.awaitStatus(session, "ready");

        Suite.await(() -> statuses(session).contains("ready"));
        assertThat(statuses(session))
                .containsExactly("initializing", "cloning", "pulling_image", "creating_sandbox", "ready");
        assertThat(suite.lifecycle().about(session, SessionRequested.class)).hasSize(1);
        assertThat(String.valueOf(suite.wanted(session).getFirst().get("spec")))
                .contains("claude-code")
                .contains("ANTHROPIC_API_KEY=slipway-placeholder")
                .contains("ada@example.org");
        List<Long> seqs = suite.lifecycle().about(session).stream()
                .filter(event -> event.type().startsWith("dev.slipway.session."))
                .map(event -> event.seq())
                .toList();
        assertThat(seqs)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, seqs.size()).boxed().toList());
    }

    @Test
    void theSameEventTwiceChangesNothing() {
        String session = create();
        CheckoutPrepared prepared = new CheckoutPrepared(session, "w1", "slipway/" + session, "abc");
        UUID id = suite.lifecycle().say(suite.project, session, prepared);
        suite.lifecycle().say(id, suite.project, session, prepared);
        suite.lifecycle().say(suite.project, session, prepared);
        Suite.await(() -> !suite.wanted(session).isEmpty());
        suite.sayReady(session);
        suite.sayReady(session);
        suite.awaitStatus(session, "ready");
        String marker = suite.readySession();

        assertThat(suite.status(marker)).isEqualTo("ready");
        assertThat(suite.wanted(session)).hasSize(1);
        assertThat(statuses(session)).containsOnlyOnce("ready");
    }

    @Test
    void aReportOnAnOlderWishIsIgnored() {
        String session = suite.readySession();
        suite.call("POST", "/sessions/" + session + "/stop", Map.of());
        suite.call("POST", "/sessions/" + session + "/resume", Map.of());
        Suite.await(() -> suite.generation(session) == 3);

        suite.lifecycle().say(suite.project, session, new SandboxReady(session, 1, "old", "image:1", "sha256:1"));
        suite.lifecycle().say(suite.project, session, new SandboxFailed(session, 2, "old news", 1, false));
        suite.lifecycle()
                .say(suite.project, session, new SandboxProgress(session, 3, "creating_sandbox", 10, "Making it."));

        suite.awaitStatus(session, "creating_sandbox");
        suite.sayReady(session);
        suite.awaitStatus(session, "ready");
    }

    @Test
    void deletedDuringInitialisingItIsGoneAtOnce() {
        String session = create();

        Suite.Answer deleted = suite.call("DELETE", "/sessions/" + session, null);

        assertThat(deleted.status()).isEqualTo(200);
        assertThat(suite.call("GET", "/sessions/" + session, null).status()).isEqualTo(404);
        Suite.await(
                () -> !suite.lifecycle().about(session, SessionRemoved.class).isEmpty());
    }

    @Test
    void nothingOfADeletedSessionRemains() {
        String session = suite.readySession();
        String answer = suite.stream("POST", "/chat", Suite.message(session, "m1", "say 3 1"), Map.of())
                .body();
        String turn = answer.replaceFirst("(?s).*?id: ([^:]+):.*", "$1");
        Sql sql = suite.context().getBean(Sql.class);
        String left = """
                SELECT (SELECT count(*) FROM chunk WHERE turn_id = ?) + (SELECT count(*) FROM journal_entry WHERE session_id = ?)
                """;
        assertThat(sql.first(left, row -> row.getInt(1), turn, session))
                .hasValueSatisfying(rows -> assertThat(rows).isGreaterThan(6));

        suite.call("DELETE", "/sessions/" + session, null);
        Suite.await(() -> suite.generation(session) == 2);
        suite.lifecycle().say(suite.project, session, new SandboxRemoved(session, 2));
        Suite.await(() -> suite.call("GET", "/sessions/" + session, null).status() == 404);

        assertThat(sql.first(left, row -> row.getInt(1), turn, session)).hasValue(0);
    }

    @Test
    void deletedWhileItsSandboxIsMadeItGoesWhenTheSandboxIsGone() {
        String session = create();
        suite.lifecycle().say(suite.project, session, new CheckoutPrepared(session, "w1", "slipway/" + session, "abc"));
        Suite.await(() -> !suite.wanted(session).isEmpty());

        suite.call("DELETE", "/sessions/" + session, null);

        assertThat(suite.status(session)).isEqualTo("removing");
        Suite.await(() -> suite.generation(session) == 2);
        suite.lifecycle().say(suite.project, session, new SandboxReady(session, 1, "late", "image:1", "sha256:1"));
        suite.lifecycle().say(suite.project, session, new SandboxRemoved(session, 2));
        Suite.await(() -> suite.call("GET", "/sessions/" + session, null).status() == 404);
    }

    @Test
    void aRemovalThatNobodyConfirmsIsCompletedByItsDeadline() {
        String session = suite.readySession();

        suite.call("DELETE", "/sessions/" + session, null);

        Suite.await(() -> suite.call("GET", "/sessions/" + session, null).status() == 404);
    }

    @Test
    void aSessionThatMakesNoProgressFailsWithASentence() {
        String session = create();
        CompletableFuture<String> turn = CompletableFuture.supplyAsync(
                () -> suite.stream("POST", "/chat", Suite.message(session, "m1", "say 1 0"), Map.of())
                        .body());

        suite.awaitStatus(session, "error");

        assertThat(suite.call("GET", "/sessions/" + session, null).body().get("errorMessage"))
                .asString()
                .contains("no progress for too long");
        assertThat(turn.join()).contains("\"type\":\"error\"").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aBranchThatCannotBeMadeFailsTheSessionAndAResumeTriesAgain() {
        String session = create();
        suite.lifecycle().say(suite.project, session, new CheckoutFailed(session, "w1", "The repository is empty."));
        suite.awaitStatus(session, "error");

        suite.call("POST", "/sessions/" + session + "/resume", Map.of());

        assertThat(suite.status(session)).isEqualTo("initializing");
        Suite.await(
                () -> suite.lifecycle().about(session, SessionRequested.class).size() == 2);
        suite.makeReady(session);
    }

    @Test
    void aMessageWakesAStoppedSessionAndItsTurnRuns() {
        String session = suite.readySession();
        suite.lifecycle().say(suite.project, session, new SandboxStopped(session, 1, "idle"));
        suite.awaitStatus(session, "stopped");
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                () -> suite.stream("POST", "/chat", Suite.message(session, "m1", "say 3 0"), Map.of())
                        .body());
        Suite.await(() -> suite.generation(session) == 2);

        suite.sayReady(session);

        assertThat(answer.join()).contains("tick 2").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aSandboxThatDiesInTheMiddleEndsTheTurnWithAnError() {
        String session = suite.readySession();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                () -> suite.stream("POST", "/chat", Suite.message(session, "m1", "hang"), Map.of())
                        .body());
        suite.awaitStatus(session, "running");

        suite.lifecycle().say(suite.project, session, new SandboxFailed(session, 1, "Out of memory.", 137, true));

        assertThat(answer.join()).contains("Out of memory.").endsWith("data: [DONE]\n\n");
        suite.awaitStatus(session, "error");
    }

    @Test
    void anIdIsTakenOnceAndTheSameRequestAgainGivesTheSameSession() {
        String session = create();

        assertThat(suite.call("POST", "/sessions", Map.of("id", session, "workspaceId", "w1"))
                        .status())
                .isEqualTo(201);
        assertThat(suite.call("POST", "/sessions", Map.of("id", session, "workspaceId", "w2"))
                        .status())
                .isEqualTo(409);
        assertThat(suite.call("POST", "/sessions", Map.of("id", "a/b", "workspaceId", "w1"))
                        .status())
                .isEqualTo(400);
        assertThat(suite.call("POST", "/sessions", Map.of("workspaceId", "x-unknown"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aListHasPagesAndFilters() {
        List<String> made = List.of(create(), create(), create());

        Map<String, Object> first =
                suite.call("GET", "/sessions?limit=2&status=initializing", null).body();
        Map<String, Object> second = suite.call(
                        "GET", "/sessions?limit=200&status=initializing&cursor=" + first.get("nextCursor"), null)
                .body();

        assertThat(String.valueOf(first.get("sessions"))).contains(made.get(2)).contains(made.get(1));
        assertThat(String.valueOf(second.get("sessions"))).contains(made.get(0)).doesNotContain(made.get(1));
    }
}
