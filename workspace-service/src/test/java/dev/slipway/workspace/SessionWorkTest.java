package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The way of a session's work: out of the workspace into the sandbox, and back. */
@MicronautTest(transactional = false)
class SessionWorkTest extends ServiceTest {
    @Test
    void aLocalFolderGoesToASandboxAndTheWorkComesBackAsOneCommit() {
        Shell user = Shell.repository(playground.resolve("whole"));
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("readme.txt", user.read("readme.txt").replace("two", "TWO"));
        sandbox.write("new/file.txt", "new\n");
        sandbox.commit("feat: shout\n\nCo-authored-by: claude <claude-code@agents.slipway.invalid>");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);

        Answer diff = call("GET", "/sessions/" + session + "/diff", null);
        Answer applied = call("POST", "/sessions/" + session + "/apply", Map.of());

        assertThat(diff.list("files"))
                .extracting(file -> file.get("path") + " " + file.get("status"))
                .containsExactly("new/file.txt added", "readme.txt modified");
        assertThat(applied.status()).isEqualTo(200);
        assertThat(applied.body())
                .containsEntry("ok", true)
                .containsEntry("branch", "main")
                .containsEntry("commit", user.head());
        assertThat(user.read("new/file.txt")).isEqualTo("new\n");
        assertThat(user.git("status", "--porcelain")).isEmpty();
        assertThat(user.git("log", "-1", "--format=%an <%ae>%n%B"))
                .startsWith("Uma User <uma@example.org>\nfeat: shout")
                .contains("Co-authored-by: claude <claude-code@agents.slipway.invalid>");
        assertThat(user.git("rev-list", "--count", "HEAD")).isEqualTo("2");
        assertThat(events(session))
                .extracting(event -> event.substring(0, event.indexOf(' ')))
                .containsExactly(
                        "dev.slipway.session.requested.v1",
                        "dev.slipway.workspace.checkout.prepared.v1",
                        "dev.slipway.workspace.checkpoint.pushed.v1",
                        "dev.slipway.workspace.session.applied.v1");
    }

    @Test
    void aClonedWorkspaceWorksTheSameWay() {
        Shell origin = Shell.repository(playground.resolve("origin"));
        String workspace = workspace("file://" + origin.folder());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("a.txt", "a\n");
        sandbox.commit("feat: a");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);

        Answer applied = call("POST", "/sessions/" + session + "/apply", Map.of("commitMessage", "Mine"));

        Shell clone = new Shell(java.nio.file.Path.of(
                call("GET", "/workspaces/" + workspace, null).text("workDir")));
        assertThat(applied.text("commit")).isEqualTo(clone.head());
        assertThat(clone.read("a.txt")).isEqualTo("a\n");
        assertThat(clone.git("log", "-1", "--format=%s")).isEqualTo("Mine");
        assertThat(call("GET", "/workspaces/" + workspace, null).text("commit")).isEqualTo(clone.head());
    }

    @Test
    void aRemovedSessionLeavesWhatWasAppliedAndNothingElse() {
        Shell user = Shell.repository(playground.resolve("removed"));
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("a.txt", "a\n");
        sandbox.commit("feat: a");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        call("POST", "/sessions/" + session + "/apply", Map.of());

        transactions.executeWrite(status -> outbox.append(
                PROJECT, session, new dev.slipway.contracts.session.SessionEvent.SessionRemoved(session, workspace)));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> call("GET", "/sessions/" + session + "/diff", null).status() == 404);
        assertThat(sandbox.attempt("fetch", "origin").exit()).isNotZero();
        assertThat(user.read("a.txt")).isEqualTo("a\n");
    }

    @Test
    void aSessionMayStartFromAnotherBranchAndFailsPlainlyIfThereIsNone() {
        Shell user = Shell.repository(playground.resolve("bases"));
        user.git("branch", "older");
        String older = user.head();
        user.write("b.txt", "b\n");
        user.commit("second");
        String workspace = workspace(user.folder().toString());

        request("s-older", workspace, "older");
        request("s-none", workspace, "no-such-branch");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> events("s-older").size() == 2 && events("s-none").size() == 2);
        assertThat(events("s-older").get(1)).contains("checkout.prepared", older);
        assertThat(events("s-none").get(1)).contains("checkout.failed", "no-such-branch");
    }

    @Test
    void allShapesOfTheDiffAgree() {
        Shell user = Shell.repository(playground.resolve("shapes"));
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.git("mv", "readme.txt", "README");
        sandbox.commit("docs: rename");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);

        Answer names = call("GET", "/sessions/" + session + "/diff?format=files", null);
        Answer one = call("GET", "/sessions/" + session + "/diff?path=README", null);
        Answer none = call("GET", "/sessions/" + session + "/diff?path=other", null);

        assertThat(names.list("files"))
                .containsExactly(Map.of("path", "README", "status", "renamed", "oldPath", "readme.txt"));
        assertThat(one.body()).containsEntry("status", "renamed").containsEntry("oldPath", "readme.txt");
        assertThat(one.text("patch")).contains("rename from readme.txt");
        assertThat(none.body()).containsEntry("status", "unchanged");
        assertThat(call("GET", "/sessions/" + session + "/checkpoints", null).list("checkpoints"))
                .extracting(commit -> commit.get("message"))
                .isEqualTo(List.of("docs: rename"));
    }
}
