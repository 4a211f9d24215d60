package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Commits carry the name that their user chose, and messages as the workspace wants them. */
@NullMarked
@MicronautTest(transactional = false)
class AuthorshipTest extends ServiceTest {
    private String worked(String workspace, String message) {
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write(session + ".txt", "a\n");
        sandbox.commit(message);
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        return session;
    }

    @Test
    void aUserCommitsUnderTheNameChosenForTheWorkspace() {
        Shell user = Shell.repository(playground.resolve("named"));
        String workspace = workspace(user.folder().toString());
        String git = "/workspaces/" + workspace + "/git";

        Answer before = call("GET", git + "/author", null);
        Answer chosen = call("PUT", git + "/author", Map.of("name", "Uma at Work", "email", "uma@work.example"));
        user.write("x.txt", "x\n");
        call("POST", git + "/stage", null);
        call("POST", git + "/commit", Map.of("message", "feat: x"));
        String mine = user.git("log", "-1", "--format=%an <%ae> %cn <%ce>");
        String session = worked(workspace, "feat: a");
        call("POST", "/sessions/" + session + "/apply", null);
        String applied = user.git("log", "-1", "--format=%an <%ae>");
        Answer forgotten = call("DELETE", git + "/author", null);
        Answer odd = call("PUT", git + "/author", Map.of("name", "a\nb", "email", "x"));

        assertThat(before.body()).containsEntry("name", "Uma User").containsEntry("email", "uma@example.org");
        assertThat(chosen.body()).containsEntry("name", "Uma at Work");
        assertThat(mine).isEqualTo("Uma at Work <uma@work.example> Uma at Work <uma@work.example>");
        assertThat(applied).isEqualTo("Uma at Work <uma@work.example>");
        assertThat(forgotten.body()).containsEntry("name", "Uma User");
        assertThat(odd.status()).isEqualTo(400);
    }

    @Test
    void messagesAreSignedOffAndTrailedAndConventionalAsTheWorkspaceWants() {
        Shell user = Shell.repository(playground.resolve("styled"));
        String workspace = workspace(user.folder().toString());
        String git = "/workspaces/" + workspace + "/git";

        Answer style = call(
                "PUT",
                git + "/commit-style",
                Map.of(
                        "signOff",
                        true,
                        "conventional",
                        "check",
                        "coAuthors",
                        false,
                        "sessionTrailer",
                        false,
                        "trailers",
                        List.of("Reviewed-at: example.org")));
        String session = worked(workspace, "add a\n\nCo-authored-by: claude <claude@agents.invalid>");
        Answer refused = call("POST", "/sessions/" + session + "/apply", Map.of("commitMessage", "whatever"));
        Answer applied = call("POST", "/sessions/" + session + "/apply", null);
        String made = user.git("log", "-1", "--format=%B");
        user.write("y.txt", "y\n");
        call("POST", git + "/stage", null);
        call("POST", git + "/commit", Map.of("message", "fix(y): y\n\nWhy.\n\nRefs: 12"));
        String given = user.git("log", "-1", "--format=%B");

        assertThat(style.status()).as(style.toString()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(applied.status()).isEqualTo(200);
        assertThat(made)
                .isEqualTo("chore: add a\n\nReviewed-at: example.org\nSigned-off-by: Uma User <uma@example.org>");
        assertThat(given)
                .isEqualTo(
                        "fix(y): y\n\nWhy.\n\nRefs: 12\nReviewed-at: example.org\nSigned-off-by: Uma User <uma@example.org>");
    }

    @Test
    void onlyAnAdminChangesTheStyleAndOnlyToWhatGitCanKeep() {
        String workspace = workspace(
                Shell.repository(playground.resolve("guarded")).folder().toString());
        String path = "/internal/projects/p/workspaces/" + workspace + "/git/commit-style";
        Caller member = new Caller("gateway", "u2", "Mem", "m@example.org", PROJECT, Role.MEMBER, null);

        assertThat(call(member, "PUT", path, Map.of("signOff", true)).status()).isEqualTo(403);
        assertThat(call(member, "GET", path, null).body()).containsEntry("conventional", "off");
        for (Map<String, Object> odd : List.<Map<String, Object>>of(
                Map.of("conventional", "perhaps"),
                Map.of("trailers", List.of("no trailer")),
                Map.of("trailers", List.of("A: b\nSigned-off-by: x <y>")))) {
            assertThat(call(user(PROJECT), "PUT", path, odd).status()).isEqualTo(400);
        }
    }
}
