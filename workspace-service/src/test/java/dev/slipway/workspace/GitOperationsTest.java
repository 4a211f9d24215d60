package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Git on a workspace says what the git program says, in the originals' shapes. */
@NullMarked
@MicronautTest(transactional = false)
class GitOperationsTest extends ServiceTest {
    private record Place(Shell user, String path) {}

    private Place place(String name) {
        Shell user = Shell.repository(playground.resolve(name));
        return new Place(user, "/workspaces/" + workspace(user.folder().toString()) + "/git");
    }

    @Test
    void statusTellsStagedUnstagedAndUntrackedFiles() {
        Place place = place("status");
        place.user().write("b c.txt", "x\n");
        place.user().git("add", ".");
        place.user().git("mv", "readme.txt", "renamed.txt");
        place.user().write("b c.txt", "y\n");
        place.user().write("new.txt", "z\n");

        Answer status = call("GET", place.path() + "/status", null);

        assertThat(status.body())
                .containsEntry("branch", "main")
                .containsEntry("commit", place.user().head())
                .containsEntry("isClean", false);
        assertThat(status.list("staged"))
                .containsExactly(
                        Map.of("path", "b c.txt", "status", "added"),
                        Map.of("path", "renamed.txt", "status", "renamed", "oldPath", "readme.txt"));
        assertThat(status.list("unstaged")).containsExactly(Map.of("path", "b c.txt", "status", "modified"));
        assertThat(status.body().get("untracked")).isEqualTo(List.of("new.txt"));
    }

    @Test
    void aFileIsWrittenStagedAndCommittedByTheUser() {
        Place place = place("commit");

        Answer written = call("POST", place.path() + "/file", Map.of("path", "deep/er/a.txt", "content", "hi\n"));
        Answer staged = call("POST", place.path() + "/stage", Map.of("paths", List.of("deep")));
        Answer committed = call("POST", place.path() + "/commit", Map.of("message", "Say hi", "authorName", "Ann"));
        Answer again = call("POST", place.path() + "/commit", Map.of("message", "Nothing"));
        Answer log = call("GET", place.path() + "/log?limit=1", null);

        assertThat(List.of(written.status(), staged.status(), committed.status(), again.status()))
                .containsExactly(200, 200, 201, 409);
        assertThat(committed.body())
                .containsEntry("sha", place.user().head())
                .containsEntry("message", "Say hi")
                .containsEntry("author", "Ann");
        assertThat(place.user().git("log", "-1", "--format=%an %cn <%ce>")).isEqualTo("Ann Uma User <uma@example.org>");
        assertThat(log.list("commits")).containsExactly(committed.body());
        assertThat(log.body().get("nextCursor")).isNotNull();
        assertThat(call("POST", place.path() + "/commit", Map.of()).status()).isEqualTo(400);
    }

    @Test
    void branchesAreMadeCheckedOutAndDeleted() {
        Place place = place("branches");

        Answer made = call("POST", place.path() + "/branches", Map.of("name", "feature/x"));
        Answer twice = call("POST", place.path() + "/branches", Map.of("name", "feature/x"));
        Answer out = call("POST", place.path() + "/checkout", Map.of("ref", "feature/x"));
        Answer list = call("GET", place.path() + "/branches", null);
        Answer inUse = call("DELETE", place.path() + "/branches/feature/x", null);
        call("POST", place.path() + "/checkout", Map.of("ref", "main"));
        Answer deleted = call("DELETE", place.path() + "/branches/feature/x", null);

        assertThat(List.of(made.status(), twice.status(), out.status(), inUse.status(), deleted.status()))
                .containsExactly(201, 409, 200, 409, 200);
        assertThat(list.list("branches"))
                .extracting(branch -> branch.get("name") + " " + branch.get("isCurrent"))
                .containsExactly("feature/x true", "main false");
        assertThat(place.user().git("branch", "--format=%(refname:short)")).isEqualTo("main");
    }

    @Test
    void filesDiffsAndBlameAreReadAtAnyCommit() {
        Place place = place("reading");
        String first = place.user().head();
        place.user().write("readme.txt", place.user().read("readme.txt").replace("two", "2"));
        place.user().write("sub/b.txt", "b\n");
        place.user().commit("second");
        place.user().write("readme.txt", "short\n");

        Answer old = call("GET", place.path() + "/file?path=readme.txt&ref=" + first, null);
        Answer now = call("GET", place.path() + "/file?path=readme.txt", null);
        Answer missing = call("GET", place.path() + "/file?path=nothing", null);
        Answer files = call("GET", place.path() + "/files?ref=HEAD", null);
        Answer diff = call("GET", place.path() + "/diff?base=" + first + "&head=HEAD", null);
        Answer unstaged = call("GET", place.path() + "/diff", null);
        Answer one = call("GET", place.path() + "/diff?base=" + first + "&head=HEAD&path=sub&path=other", null);
        Answer blame = call("GET", place.path() + "/blame?path=readme.txt&ref=HEAD", null);
        Answer ofPath = call("GET", place.path() + "/log?path=sub/b.txt", null);

        assertThat(old.text("content")).startsWith("one\ntwo\n");
        assertThat(now.text("content")).isEqualTo("short\n");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(files.list("files"))
                .extracting(entry -> entry.get("path") + " " + entry.get("isDir"))
                .containsExactly("readme.txt false", "sub true");
        assertThat(diff.list("diffs"))
                .extracting(file -> file.get("path") + " " + file.get("additions") + " " + file.get("deletions"))
                .containsExactly("readme.txt 1 1", "sub/b.txt 1 0");
        assertThat(unstaged.list("diffs")).extracting(file -> file.get("path")).containsExactly("readme.txt");
        assertThat(one.list("diffs")).extracting(file -> file.get("path")).containsExactly("sub/b.txt");
        assertThat(blame.list("lines")).hasSize(10);
        assertThat(blame.list("lines").get(1)).containsEntry("content", "2").containsEntry("summary", "second");
        assertThat(ofPath.list("commits")).hasSize(1);
    }

    @Test
    void aCloneFetchesAndPushesByItsRemote() {
        Shell origin = Shell.repository(playground.resolve("remote"));
        origin.git("config", "receive.denyCurrentBranch", "ignore");
        String id = workspace("file://" + origin.folder());
        String git = "/workspaces/" + id + "/git";
        origin.write("later.txt", "later\n");
        String later = origin.commit("later");

        Answer fetched = call("POST", git + "/fetch", null);
        Answer behind = call("GET", git + "/status", null);
        Answer log = call("GET", git + "/log?ref=origin/main&limit=1", null);
        call("POST", git + "/file", Map.of("path", "mine.txt", "content", "mine\n"));
        call("POST", git + "/stage", Map.of());
        Answer committed = call("POST", git + "/commit", Map.of("message", "mine"));
        Answer rejected = call("POST", git + "/push", Map.of());
        call("POST", git + "/branches", Map.of("name", "mine"));
        Answer pushed = call("POST", git + "/push", Map.of("branch", "mine"));

        assertThat(fetched.status()).isEqualTo(200);
        assertThat(behind.body()).containsEntry("behind", 1);
        assertThat(log.list("commits").getFirst()).containsEntry("sha", later);
        assertThat(rejected.status()).isEqualTo(409);
        assertThat(pushed.status()).isEqualTo(200);
        assertThat(origin.git("rev-parse", "mine")).isEqualTo(committed.text("sha"));
    }

    @Test
    void aFolderThatWasClonedFromAnotherPushesThere() {
        Shell origin = Shell.repository(playground.resolve("neighbour"));
        origin.git("clone", "-q", origin.folder().toString(), "../cloned");
        Shell user = new Shell(playground.resolve("cloned"));
        user.git("checkout", "-q", "-b", "mine");
        user.write("mine.txt", "mine\n");
        String head = user.commit("mine");
        String git = "/workspaces/" + workspace(user.folder().toString()) + "/git";

        Answer pushed = call("POST", git + "/push", Map.of());

        assertThat(pushed.status()).as(pushed.toString()).isEqualTo(200);
        assertThat(origin.git("rev-parse", "mine")).isEqualTo(head);
    }

    @Test
    void binaryFilesAreBase64AndExecutableOnesStaySo() throws Exception {
        Place place = place("bytes");
        Files.write(place.user().folder().resolve("x.bin"), new byte[] {0, 1, 2, (byte) 0xff});
        place.user().write("run.sh", "#!/bin/sh\n");
        assertThat(place.user().folder().resolve("run.sh").toFile().setExecutable(true))
                .isTrue();

        Answer read = call("GET", place.path() + "/file?path=x.bin", null);
        call("POST", place.path() + "/file", Map.of("path", "run.sh", "content", "#!/bin/sh\ntrue\n"));

        assertThat(read.body())
                .containsEntry("encoding", "base64")
                .containsEntry("content", "AAEC/w==")
                .containsEntry("size", 4);
        assertThat(place.user().folder().resolve("run.sh")).isExecutable();
    }
}
