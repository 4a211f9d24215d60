package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** A session is rebased while its sandbox works on: no push is refused, nothing is lost. And sessions are set side by side. */
@NullMarked
@MicronautTest(transactional = false)
class RebaseTest extends ServiceTest {
    /** As the agent in a sandbox pushes: it may replace what it put there itself, and nothing else. */
    private static Shell.Said push(Shell sandbox, String session) {
        String branch = "slipway/" + session;
        String expected = sandbox.git("rev-parse", "refs/remotes/origin/" + branch);
        Shell.Said said = sandbox.attempt(
                "push",
                "-q",
                "--force-with-lease=refs/heads/" + branch + ":" + expected,
                "origin",
                "HEAD:refs/heads/" + branch);
        sandbox.attempt("update-ref", "refs/remotes/origin/" + branch, "HEAD");
        return said;
    }

    private List<Object> files(String session) {
        return call("GET", "/sessions/" + session + "/diff", null).list("files").stream()
                .map(file -> file.get("path"))
                .toList();
    }

    @Test
    void whatASandboxPushesAfterARebaseComesAlong() {
        Shell user = Shell.repository(playground.resolve("along"));
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("a.txt", "a\n");
        sandbox.commit("feat: a");
        push(sandbox, session);
        user.write("meanwhile.txt", "m\n");
        String newer = user.commit("meanwhile");

        Answer rebased = call("POST", "/sessions/" + session + "/rebase", null);
        List<Object> before = files(session);
        sandbox.write("b.txt", "b\n");
        sandbox.commit("feat: b");
        Shell.Said pushed = push(sandbox, session);
        Answer checkpoints = call("GET", "/sessions/" + session + "/checkpoints", null);
        Answer applied = call("POST", "/sessions/" + session + "/apply", null);
        sandbox.write("c.txt", "c\n");
        sandbox.commit("feat: c");
        push(sandbox, session);
        Answer again = call("POST", "/sessions/" + session + "/apply", null);

        assertThat(rebased.body()).containsEntry("baseCommit", newer);
        assertThat(before).containsExactly("a.txt");
        assertThat(pushed.exit()).as(pushed.text()).isZero();
        assertThat(checkpoints.list("checkpoints"))
                .extracting(commit -> commit.get("message"))
                .containsExactly("feat: b", "feat: a");
        assertThat(applied.status()).as(applied.toString()).isEqualTo(200);
        assertThat(again.status()).as(again.toString()).isEqualTo(200);
        assertThat(user.git("ls-files").lines())
                .containsExactlyInAnyOrder("readme.txt", "meanwhile.txt", "a.txt", "b.txt", "c.txt");
        assertThat(user.git("rev-list", "--count", "HEAD")).isEqualTo("4");
    }

    @Test
    void aPushThatDoesNotFitOnTheNewerBaseIsKeptOnItsOwnLine() {
        Shell user = Shell.repository(playground.resolve("unfit"));
        String base = user.head();
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("a.txt", "a\n");
        sandbox.commit("feat: a");
        push(sandbox, session);
        user.write("readme.txt", "ours\n");
        user.commit("ours");
        call("POST", "/sessions/" + session + "/rebase", null);

        sandbox.write("readme.txt", "theirs\n");
        String head = sandbox.commit("feat: theirs");
        Shell.Said pushed = push(sandbox, session);
        Answer checkpoints = call("GET", "/sessions/" + session + "/checkpoints", null);
        Answer rebased = call("POST", "/sessions/" + session + "/rebase", null);
        Answer part =
                call("POST", "/sessions/" + session + "/apply", Map.of("select", List.of(Map.of("file", "a.txt"))));

        assertThat(pushed.exit()).isZero();
        assertThat(checkpoints.list("checkpoints").getFirst()).containsEntry("sha", head);
        assertThat(checkpoints.list("checkpoints").getLast()).containsEntry("parents", List.of(base));
        assertThat(files(session)).containsExactly("a.txt", "readme.txt");
        assertThat(rebased.status()).isEqualTo(409);
        assertThat(rebased.list("errors"))
                .extracting(error -> error.get("field"))
                .containsExactly("readme.txt");
        assertThat(part.status()).as(part.toString()).isEqualTo(200);
        assertThat(user.read("readme.txt")).isEqualTo("ours\n");
    }

    @Test
    void anAgentThatFetchesAndRebasesItselfIsFollowed() {
        Shell user = Shell.repository(playground.resolve("itself"));
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("a.txt", "a\n");
        sandbox.commit("feat: a");
        push(sandbox, session);
        user.write("meanwhile.txt", "m\n");
        String newer = user.commit("meanwhile");
        call("POST", "/sessions/" + session + "/rebase", null);

        sandbox.git("fetch", "-q", "origin", "main");
        sandbox.git("rebase", "-q", "FETCH_HEAD");
        sandbox.write("b.txt", "b\n");
        String head = sandbox.commit("feat: b");
        Shell.Said pushed = push(sandbox, session);
        Answer checkpoints = call("GET", "/sessions/" + session + "/checkpoints", null);

        assertThat(sandbox.git("merge-base", "HEAD", newer)).isEqualTo(newer);
        assertThat(pushed.exit()).as(pushed.text()).isZero();
        assertThat(checkpoints.list("checkpoints").getFirst()).containsEntry("sha", head);
        assertThat(files(session)).containsExactly("a.txt", "b.txt");
    }

    @Test
    void sessionsAreComparedByWhatTheyTouchAndWhetherTheyGetAlong() {
        Shell user = Shell.repository(playground.resolve("compared"));
        String workspace = workspace(user.folder().toString());
        String first = session(workspace);
        String second = session(workspace);
        Shell one = sandboxClone(first);
        one.write("readme.txt", one.read("readme.txt").replace("one", "ONE"));
        one.write("shared.txt", "one\n");
        one.write("mine.txt", "mine\n");
        one.commit("feat: one");
        push(one, first);
        Shell two = sandboxClone(second);
        two.write("readme.txt", two.read("readme.txt").replace("ten", "TEN"));
        two.write("shared.txt", "two\n");
        two.commit("feat: two");
        push(two, second);
        String path = "/workspaces/" + workspace + "/git/compare?sessions=" + first + "," + second;

        Answer compared = call("GET", path, null);
        Answer patches = call("GET", path + "&format=full", null);
        Answer one1 = call("GET", "/workspaces/" + workspace + "/git/compare?sessions=" + first, null);
        Answer foreign = call("GET", "/workspaces/other/git/compare?sessions=" + first + "," + second, null);

        assertThat(compared.list("overlaps"))
                .extracting(file -> file.get("path") + " " + file.get("conflict"))
                .containsExactly("readme.txt false", "shared.txt true");
        assertThat(compared.list("sessions"))
                .extracting(side -> side.get("filesChanged"))
                .containsExactly(3, 2);
        assertThat(compared.list("diffs"))
                .extracting(file -> file.get("status") + " " + file.get("path"))
                .containsExactly("deleted mine.txt", "modified readme.txt", "modified shared.txt");
        assertThat(String.valueOf(patches.list("diffs").get(2).get("patch"))).contains("-one\n+two\n");
        assertThat(one1.status()).isEqualTo(400);
        assertThat(foreign.status()).isEqualTo(404);
    }
}
