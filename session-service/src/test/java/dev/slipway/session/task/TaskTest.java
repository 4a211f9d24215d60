package dev.slipway.session.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.session.SessionEvent.JobCompleted;
import dev.slipway.session.testing.Suite;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An instruction that an agent works on while nobody looks. */
@Timeout(90)
class TaskTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static Map<String, Object> get(String task) {
        return suite.call("GET", "/tasks/" + task, null).body();
    }

    @Test
    void aTaskMakesItsSessionAndComesToAnEndThatIsAnEvent() {
        Map<String, Object> context = Map.of("files", List.of("a.txt"), "hints", List.of("be brief"));
        Suite.Answer begun = suite.call("POST", "/tasks", Map.of("instruction", "say 3 0", "context", context));
        String task = String.valueOf(begun.body().get("taskId"));
        String session = String.valueOf(begun.body().get("sessionId"));
        suite.makeReadyForTurn(session);

        Suite.await(() -> "completed".equals(get(task).get("status")));

        assertThat(begun.status()).isEqualTo(202);
        assertThat(begun.body()).containsEntry("status", "running").containsKey("startedAt");
        assertThat(get(task).get("endedAt")).isNotNull();
        assertThat(suite.peers().agent(session).lastRequest().toString()).contains("@a.txt", "be brief");
        Suite.await(() -> !suite.lifecycle().about(session, JobCompleted.class).isEmpty());
        assertThat(suite.lifecycle().about(session, JobCompleted.class).getFirst())
                .containsEntry("jobId", task)
                .containsEntry("status", "completed");
    }

    @Test
    void itsPatchesAreShownAndWhatIsSelectedIsApplied() {
        String session = suite.readySession();
        String task =
                String.valueOf(suite.call("POST", "/tasks", Map.of("instruction", "say 1 0", "sessionId", session))
                        .body()
                        .get("taskId"));
        Map<String, Object> selection =
                Map.of("select", List.of(Map.of("file", "hello.txt", "hunks", List.of(0))), "commitMessage", "Greet");

        Suite.Answer patches = suite.call("GET", "/tasks/" + task + "/patches", null);
        Suite.Answer applied = suite.call("POST", "/tasks/" + task + "/apply", selection);

        assertThat(patches.body().get("patches"))
                .isEqualTo(List.of(Map.of("file", "hello.txt", "content", "+hello", "type", "added")));
        assertThat(applied.body()).containsEntry("ok", true).containsEntry("commit", "c1");
        assertThat(suite.peers().applied()).isEqualTo(selection);
    }

    @Test
    void aTaskIsCancelledOnce() {
        String session = suite.readySession();
        String task = String.valueOf(suite.call("POST", "/tasks", Map.of("instruction", "hang", "sessionId", session))
                .body()
                .get("taskId"));
        suite.awaitStatus(session, "running");

        Suite.Answer first = suite.call("POST", "/tasks/" + task + "/cancel", Map.of());
        Suite.await(() -> "cancelled".equals(get(task).get("status")));
        Suite.Answer second = suite.call("POST", "/tasks/" + task + "/cancel", Map.of());

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(409);
    }

    @Test
    void tasksAreListedNewestFirstPageByPage() {
        String session = suite.readySession();
        for (int i = 0; i < 3; i++) {
            suite.call("POST", "/tasks", Map.of("instruction", "say 1 0", "sessionId", session));
        }

        Map<String, Object> page = suite.call("GET", "/tasks?limit=2", null).body();
        Map<String, Object> next = suite.call("GET", "/tasks?limit=2&cursor=" + page.get("nextCursor"), null)
                .body();

        assertThat((List<?>) page.get("tasks")).hasSize(2);
        assertThat(next.toString()).contains("taskId").doesNotContain(firstOf(page));
    }

    private static String firstOf(Map<String, Object> page) {
        return page.get("tasks") instanceof List<?> tasks && tasks.getFirst() instanceof Map<?, ?> task
                ? String.valueOf(task.get("taskId"))
                : "";
    }

    @Test
    void badTasksGetClearErrors() {
        assertThat(suite.call("POST", "/tasks", Map.of()).status()).isEqualTo(400);
        assertThat(suite.call("POST", "/tasks", Map.of("instruction", "x", "sessionId", "none"))
                        .status())
                .isEqualTo(404);
        assertThat(suite.call("POST", "/tasks", Map.of("instruction", "x", "agent", "none"))
                        .status())
                .isEqualTo(400);
        assertThat(suite.call("GET", "/tasks/none", null).status()).isEqualTo(404);
    }
}
