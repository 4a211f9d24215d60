package dev.slipway.session.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.gateway.ProjectEvent.LimitsChanged;
import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.contracts.mitm.EgressEvent.UsageMetered;
import dev.slipway.contracts.mitm.Usage;
import dev.slipway.session.testing.Suite;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a project may have, and what its sessions took. */
@Timeout(90)
class LimitsAndUsageTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    @Test
    void aProjectHasNoMoreSessionsThanItsLimitAndItsSandboxesAreNoLarger() {
        String first = suite.readySession();
        suite.lifecycle()
                .say(
                        suite.project,
                        suite.project,
                        new LimitsChanged(new ProjectLimits(2.0, 1_000_000L, null, null, 2, 600L, null, null)));
        Suite.await(() -> {
            Map<String, Object> limits = Map.of("cpus", 4.0, "pids", 50);
            String id = "s-" + UUID.randomUUID();
            suite.call("POST", "/sessions", Map.of("id", id, "workspaceId", "w1", "limits", limits));
            return suite.call("POST", "/sessions", Map.of("workspaceId", "w1")).status() == 409;
        });

        Suite.Answer refused = suite.call("POST", "/sessions", Map.of("workspaceId", "w1"));
        Suite.Answer forkRefused = suite.call("POST", "/sessions/" + first + "/fork", Map.of());
        suite.call("POST", "/sessions/" + first + "/restart", Map.of());
        Suite.await(() -> suite.generation(first) == 2);

        assertThat(refused.body().get("type").toString()).endsWith("limit-reached");
        assertThat(refused.body().get("detail").toString()).contains("sessions: 2");
        assertThat(forkRefused.status()).isEqualTo(409);
        assertThat(suite.wanted(first).getLast().toString())
                .contains("cpus=2.0", "memoryBytes=1000000", "idleTimeoutSeconds=600");
        // The same session again is no new one.
        assertThat(suite.call("POST", "/sessions", Map.of("id", first, "workspaceId", "w1"))
                        .status())
                .isEqualTo(201);
        suite.lifecycle().say(suite.project, suite.project, new LimitsChanged(ProjectLimits.NONE));
        Suite.await(() ->
                suite.call("POST", "/sessions", Map.of("workspaceId", "w1")).status() == 201);
    }

    @Test
    void aWorkspaceBoundsItsOwnSessionsWithinWhatItsProjectAllows() {
        String first = suite.readySession();
        Suite.Answer unlimited = suite.call("GET", "/workspaces/w1/limits", null);
        int there = ((List<?>) Objects.requireNonNull(suite.call("GET", "/workspaces/w1/sessions?limit=200", null)
                        .body()
                        .get("sessions")))
                .size();

        Suite.Answer set = suite.call(
                "PUT", "/workspaces/w1/limits", Map.of("memoryBytes", 100L << 20, "pids", 77, "sessions", there));

        assertThat(unlimited.body().get("sessions")).isNull();
        assertThat(set.status()).isEqualTo(200);
        Suite.Answer refused = suite.call("POST", "/sessions", Map.of("workspaceId", "w1"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("detail").toString()).contains("The workspace has", "limit sessions: " + there);
        suite.call("POST", "/sessions/" + first + "/restart", Map.of());
        Suite.await(() -> suite.generation(first) == 2);
        assertThat(suite.wanted(first).getLast().toString()).contains("memoryBytes=104857600", "pids=77");
        assertThat(suite.call("PUT", "/workspaces/w1/limits", Map.of("pids", 1)).status())
                .isEqualTo(400);
        suite.call("PUT", "/workspaces/w1/limits", Map.of());
        assertThat(suite.call("POST", "/sessions", Map.of("workspaceId", "w1")).status())
                .isEqualTo(201);
    }

    @Test
    void whereTheProjectsSandboxesHaveAllThatTheyMayANewOrWokenOneIsRefusedAtOnce() {
        String stopped = suite.readySession();
        suite.stream("POST", "/chat", Suite.message(stopped, "before", "say 1 0"), Map.of());
        suite.call("POST", "/sessions/" + stopped + "/stop", Map.of());
        suite.awaitStatus(stopped, "stopped");
        suite.peers().room(false);
        suite.lifecycle()
                .say(
                        suite.project,
                        suite.project,
                        new LimitsChanged(new ProjectLimits(null, 1L << 30, null, null, null, null, null, null)));
        try {
            Suite.await(() ->
                    suite.call("POST", "/sessions", Map.of("workspaceId", "w1")).status() == 409);

            Suite.Answer made = suite.call("POST", "/sessions", Map.of("workspaceId", "w1"));
            Suite.Answer woken = suite.call("POST", "/sessions/" + stopped + "/resume", Map.of());
            Suite.Answer forked = suite.call("POST", "/sessions/" + stopped + "/fork", Map.of("id", "f-" + stopped));
            Suite.Answer said = suite.call("POST", "/chat", Suite.message(stopped, "more", "say 1 0"));
            Suite.Answer renewed = suite.call("POST", "/sessions/" + stopped + "/upgrade", Map.of());
            Suite.Answer tasked = suite.call("POST", "/tasks", Map.of("sessionId", stopped, "instruction", "say 1 0"));

            assertThat(made.body().get("type").toString()).endsWith("limit-reached");
            assertThat(made.body().get("detail")).isEqualTo("The project's limit of memory is reached.");
            assertThat(List.of(woken, forked, said, renewed, tasked)).allSatisfy(refused -> {
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.body().get("detail")).isEqualTo("The project's limit of memory is reached.");
            });
            assertThat(suite.call("GET", "/sessions/" + stopped, null).body()).containsEntry("status", "stopped");
            assertThat(suite.call("GET", "/sessions/f-" + stopped, null).status())
                    .isEqualTo(404);
            assertThat(suite.call("GET", "/tasks", null).body().toString()).doesNotContain(stopped);
            assertThat(suite.call("GET", "/sessions/" + stopped + "/messages", null)
                            .body()
                            .toString())
                    .doesNotContain("more");
            // What was said before is no new wish: its turn is told again.
            assertThat(suite.stream("POST", "/chat", Suite.message(stopped, "before", "say 1 0"), Map.of())
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            suite.peers().room(true);
            suite.lifecycle().say(suite.project, suite.project, new LimitsChanged(ProjectLimits.NONE));
        }
        Suite.await(() ->
                suite.call("POST", "/sessions/" + stopped + "/resume", Map.of()).status() == 200);
    }

    @Test
    void whatTheProxyMeteredCountsOnceAndInsteadOfWhatTheAgentSays() {
        String session = suite.readySession();
        suite.stream("POST", "/chat", Suite.message(session, "m1", "say 1 0"), Map.of());
        UsageMetered metered = new UsageMetered("u1-" + session, session, new Usage("big", 100, 20, 0.5));
        suite.lifecycle().say(suite.project, session, metered);
        suite.lifecycle().say(suite.project, session, metered);
        suite.lifecycle()
                .say(suite.project, session, new UsageMetered("u2-" + session, session, new Usage("big", 10, 2)));

        Suite.await(() -> suite.call("GET", "/sessions/" + session, null)
                .body()
                .get("usage")
                .equals(Map.of("inputTokens", 110, "outputTokens", 22, "costUsd", 0.5)));
    }
}
