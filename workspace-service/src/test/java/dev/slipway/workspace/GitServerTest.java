package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What a sandbox can and cannot do with git. */
@NullMarked
@MicronautTest(transactional = false)
class GitServerTest extends ServiceTest {
    @Test
    void aSandboxSeesItsOwnBranchAndTheWorkspacesAndNoOtherSessions() {
        Shell user = Shell.repository(playground.resolve("seen"));
        user.git("tag", "v1");
        user.git("branch", "feature");
        String workspace = workspace(user.folder().toString());
        String mine = session(workspace);
        String other = session(workspace);

        String refs = new Shell(folder()).git("-c", header(mine), "ls-remote", url(mine));

        assertThat(refs.lines().map(line -> line.substring(41)).distinct())
                .containsExactlyInAnyOrder(
                        "HEAD", "refs/heads/slipway/" + mine, "refs/heads/main", "refs/heads/feature", "refs/tags/v1");
        assertThat(refs).doesNotContain(other);
    }

    @Test
    void aTokenOfOneSessionOpensNoOther() {
        Shell user = Shell.repository(playground.resolve("tokens"));
        String workspace = workspace(user.folder().toString());
        String mine = session(workspace);
        String other = session(workspace);
        Shell anywhere = new Shell(folder());

        assertThat(anywhere.attempt("-c", header(mine), "ls-remote", url(other)).text())
                .contains("not found");
        assertThat(anywhere.attempt("ls-remote", url(mine)).exit()).isNotZero();
        assertThat(call(user(PROJECT), "GET", "/internal/git/" + mine + ".git/info/refs?service=git-upload-pack", null)
                        .status())
                .isEqualTo(403);
        assertThat(call(sandbox(mine), "GET", "/internal/git/" + mine + ".git/info/refs", null)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aPushToAnythingButTheSessionsBranchIsRefusedAndMovesNothing() {
        Shell user = Shell.repository(playground.resolve("refused"));
        String before = user.head();
        String workspace = workspace(user.folder().toString());
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        sandbox.write("evil.txt", "x\n");
        sandbox.commit("evil");

        for (String target : new String[] {
            "refs/heads/main",
            "refs/heads/new",
            "refs/heads/slipway/other",
            "refs/heads/slipway/" + session + "/below",
            "refs/tags/t",
            "refs/slipway/x",
            "refs/namespaces/x/refs/heads/y"
        }) {
            Shell.Said said = sandbox.attempt("push", "origin", "HEAD:" + target);
            assertThat(said.exit()).as(target).isNotZero();
        }
        assertThat(sandbox.attempt("push", "origin", ":refs/heads/slipway/" + session)
                        .exit())
                .isNotZero();
        assertThat(sandbox.attempt("push", "origin", ":refs/heads/main").exit()).isNotZero();

        assertThat(sandbox.git("ls-remote", "origin", "refs/heads/main")).startsWith(before);
        assertThat(sandbox.git("ls-remote", "origin", "refs/heads/slipway/" + session))
                .startsWith(before);
        assertThat(user.head()).isEqualTo(before);
        assertThat(events(session)).noneMatch(event -> event.contains("checkpoint.pushed"));
    }

    @Test
    void oneRefusedBranchDoesNotTakeTheOthersAlong() {
        Shell user = Shell.repository(playground.resolve("mixed"));
        String session = session(workspace(user.folder().toString()));
        Shell sandbox = sandboxClone(session);
        sandbox.write("a.txt", "x\n");
        String head = sandbox.commit("work");

        Shell.Said said =
                sandbox.attempt("push", "origin", "HEAD:refs/heads/slipway/" + session, "HEAD:refs/heads/main");

        assertThat(said.text()).contains("deny updating a hidden ref");
        assertThat(sandbox.git("ls-remote", "origin", "refs/heads/slipway/" + session))
                .startsWith(head);
        assertThat(sandbox.git("ls-remote", "origin", "refs/heads/main")).startsWith(user.head());
        assertThat(events(session).getLast()).contains("checkpoint.pushed", head);
    }

    @Test
    void shallowAndPartialClonesAndOldProtocolsWork() {
        Shell user = Shell.repository(playground.resolve("variants"));
        user.write("b.txt", "b\n");
        user.commit("second");
        String session = session(workspace(user.folder().toString()));
        Path parent = folder();
        Shell outside = new Shell(parent);

        outside.git("-c", header(session), "clone", "-q", "--depth", "1", url(session), "shallow");
        outside.git(
                "-c", header(session), "clone", "-q", "--filter=blob:none", "--no-checkout", url(session), "partial");
        outside.git("-c", header(session), "-c", "protocol.version=0", "clone", "-q", url(session), "old");

        assertThat(new Shell(parent.resolve("shallow")).git("rev-list", "--count", "HEAD"))
                .isEqualTo("1");
        assertThat(new Shell(parent.resolve("partial"))
                        .git("rev-list", "--objects", "--missing=print", "HEAD")
                        .lines())
                .filteredOn(line -> line.startsWith("?"))
                .hasSize(2);
        assertThat(new Shell(parent.resolve("old")).git("symbolic-ref", "HEAD"))
                .isEqualTo("refs/heads/slipway/" + session);
    }

    @Test
    void aPackLargerThanAnyBodyLimitIsStreamedBothWays() throws Exception {
        Shell user = Shell.repository(playground.resolve("large"));
        String session = session(workspace(user.folder().toString()));
        Shell sandbox = sandboxClone(session);
        byte[] noise = new byte[48 << 20];
        new Random(1).nextBytes(noise);
        java.nio.file.Files.write(sandbox.folder().resolve("noise.bin"), noise);
        String head = sandbox.commit("large");

        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        Shell again = sandboxClone(session);

        assertThat(again.head()).isEqualTo(head);
        assertThat(java.nio.file.Files.size(again.folder().resolve("noise.bin")))
                .isEqualTo(noise.length);
    }
}
