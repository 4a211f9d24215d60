package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What a process that was killed in the middle leaves behind, and how the next one ends the work. */
@NullMarked
@MicronautTest(transactional = false)
class CrashTest extends ServiceTest {
    @Test
    void aCloneThatWasKilledHalfwayIsDoneAgainAndNeverServedHalf() throws Exception {
        Shell origin = Shell.repository(playground.resolve("origin"));
        Path home = Path.of(server.getApplicationContext().getRequiredProperty("slipway.home", String.class));
        // What is on disk and in the tables when a replica dies while it fetches: both stagings, a lock file, a leased
        // job.
        Path cache = Files.createDirectories(home.resolve("git/p/r-crash.git.new"));
        Files.writeString(cache.resolve("config"), "half");
        Files.createDirectories(cache.resolve("objects/pack"));
        Files.writeString(cache.resolve("objects/pack/tmp_pack_x"), "half a pack");
        Path clone = Files.createDirectories(home.resolve("workspaces/w-crash.new/.git"));
        Files.writeString(clone.resolve("index.lock"), "");
        execute("INSERT INTO repository (id, project_id, source) VALUES ('r-crash', 'p', 'git:file://" + origin.folder()
                + "')");
        execute(
                "INSERT INTO workspace (id, project_id, repository_id, source_type, path, status, progress, author_name, author_email)"
                        + " VALUES ('w-crash', 'p', 'r-crash', 'git', 'file://" + origin.folder()
                        + "', 'cloning', 40, 'U', 'u@example.org')");
        execute(
                "INSERT INTO lease (name, owner, lease_until) VALUES ('repository:r-crash', 'dead', now() + interval '2 seconds')");

        Answer half = call("GET", "/workspaces/w-crash/git/status", null);
        execute("INSERT INTO job (kind, key, payload, owner, lease_until, fence, attempt)"
                + " VALUES ('workspace.clone', 'w-crash', '{}', 'dead', now() - interval '1 second', 1, 1)");

        assertThat(half.status()).isEqualTo(503);
        await().atMost(Duration.ofSeconds(60)).until(() -> status("w-crash").equals("ready"));
        Shell made = new Shell(home.resolve("workspaces/w-crash"));
        assertThat(made.head()).isEqualTo(origin.head());
        assertThat(made.attempt("fsck", "--full").exit()).isZero();
        assertThat(cache).doesNotExist();
    }

    @Test
    void aPushThatWasMovedButNotNotedIsNotedByTheJob() {
        Shell user = Shell.repository(playground.resolve("noted"));
        String session = session(workspace(user.folder().toString()));
        Shell sandbox = sandboxClone(session);
        sandbox.write("a.txt", "a\n");
        String head = sandbox.commit("work");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        // As if the process had ended between git's answer and the note.
        execute("UPDATE checkout SET head_commit = base_commit WHERE session_id = '" + session + "'");
        long before = events(session).stream()
                .filter(event -> event.contains("checkpoint.pushed"))
                .count();

        execute("UPDATE job SET run_at = now() WHERE kind = 'checkout.pushed' AND key = '" + session + "'");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> events(session).stream()
                                .filter(event -> event.contains("checkpoint.pushed"))
                                .count()
                        == before + 1);
        assertThat(events(session).getLast()).contains(head);
    }

    @Test
    void anApplyThatWasDoneButNotNotedIsNotDoneTwice() {
        Shell user = Shell.repository(playground.resolve("twice"));
        String session = session(workspace(user.folder().toString()));
        Shell sandbox = sandboxClone(session);
        sandbox.write("readme.txt", user.read("readme.txt").replace("five", "FIVE"));
        sandbox.commit("work");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        call("POST", "/sessions/" + session + "/apply", Map.of());
        String head = user.head();
        execute("UPDATE checkout SET applied_tree = NULL, applied_commit = NULL WHERE session_id = '" + session + "'");

        Answer again = call("POST", "/sessions/" + session + "/apply", Map.of());

        assertThat(again.body()).containsEntry("commit", head).containsEntry("changed", false);
        assertThat(user.head()).isEqualTo(head);
    }

    private void execute(String sql) {
        transactions.executeWrite(status -> jdbc.prepareStatement(sql, statement -> statement.executeUpdate()));
    }
}
