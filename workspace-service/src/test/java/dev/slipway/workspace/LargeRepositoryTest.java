package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.GeneratedHistory;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On 50,000 files and 5,500 commits every answer equals that of the git executable. What it takes is measured by bench/git. */
@NullMarked
@MicronautTest(transactional = false)
class LargeRepositoryTest extends ServiceTest {
    private Shell user = new Shell(playground);
    private String git = "";

    @BeforeAll
    void generate() {
        user = GeneratedHistory.of(playground.resolve("large"), 50_000, 5_000);
        git = "/workspaces/" + workspace(user.folder().toString()) + "/git";
    }

    private static List<Object> each(List<Map<String, Object>> list, String field) {
        return list.stream().map(entry -> entry.get(field)).toList();
    }

    @Test
    void theLogByPagesAndOfOneFile() {
        List<String> shas = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 4; page++) {
            Answer log = call("GET", git + "/log?limit=200" + cursor, null);
            each(log.list("commits"), "sha").forEach(sha -> shas.add(String.valueOf(sha)));
            cursor = "&cursor=" + log.text("nextCursor");
        }
        String file = GeneratedHistory.path(91);
        Answer ofFile = call("GET", git + "/log?path=" + file, null);
        Map<String, Object> last =
                call("GET", git + "/log?limit=1", null).list("commits").getFirst();

        assertThat(shas)
                .isEqualTo(user.git("log", "--max-count=800", "--format=%H")
                        .lines()
                        .toList());
        assertThat(each(ofFile.list("commits"), "sha"))
                .isEqualTo(user.git("log", "--max-count=50", "--format=%H", "--", file)
                        .lines()
                        .toList())
                .isNotEmpty();
        assertThat(List.of(last.get("author"), last.get("authorEmail"), last.get("committer"), last.get("message")))
                .isEqualTo(user.git("log", "-1", "--format=%an%n%ae%n%cn")
                        .lines()
                        .collect(Collectors.collectingAndThen(Collectors.toList(), said -> {
                            List<String> all = new ArrayList<>(said);
                            all.add(user.git("log", "-1", "--format=%B"));
                            return all;
                        })));
        assertThat(OffsetDateTime.parse(String.valueOf(last.get("authorDate"))).toInstant())
                .isEqualTo(OffsetDateTime.parse(user.git("log", "-1", "--format=%aI"))
                        .toInstant());
        assertThat(last.get("parents"))
                .isEqualTo(List.of(user.git("log", "-1", "--format=%P").split(" ")));
    }

    @Test
    void differencesOverManyCommitsWithRenames() {
        Answer diff = call("GET", git + "/diff?base=HEAD~300&head=HEAD", null);

        assertThat(diff.list("diffs").stream()
                        .map(file -> file.get("additions") + "\t" + file.get("deletions") + "\t" + file.get("path"))
                        .toList())
                .isEqualTo(user.git("diff", "--numstat", "-M", "-z", "HEAD~300", "HEAD")
                        .replaceAll("\t\0[^\0]*\0([^\0]*)\0", "\t$1\0")
                        .lines()
                        .flatMap(line -> List.of(line.split("\0")).stream())
                        .toList());
        assertThat(diff.list("diffs").stream()
                        .map(file -> String.valueOf(file.get("patch")))
                        .collect(Collectors.joining())
                        .strip())
                .isEqualTo(user.git("diff", "-M", "--full-index", "HEAD~300", "HEAD"));
        assertThat(each(diff.list("diffs"), "status")).contains("renamed");
    }

    @Test
    void blameAndFilesAndFoldersAtAnyCommit() {
        String file = GeneratedHistory.path(91);
        Answer blame = call("GET", git + "/blame?path=" + file, null);
        Answer then = call("GET", git + "/file?path=" + file + "&ref=HEAD~2000", null);
        Answer folder = call("GET", git + "/files?path=d1&ref=HEAD~2000&limit=200", null);

        assertThat(each(blame.list("lines"), "sha"))
                .isEqualTo(user.git("blame", "--line-porcelain", file)
                        .lines()
                        .filter(line -> line.matches("[0-9a-f]{40} \\d+ \\d+.*"))
                        .map(line -> line.substring(0, 40))
                        .toList());
        assertThat(then.text("content").strip()).isEqualTo(user.git("show", "HEAD~2000:" + file));
        assertThat(each(folder.list("files"), "path"))
                .isEqualTo(user.git("ls-tree", "--name-only", "HEAD~2000", "d1/")
                        .lines()
                        .toList());
    }

    @Test
    void statusBranchesAndAMergeAndTheWayOfASandbox() throws IOException {
        String workspace = git.split("/")[2];
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        String before = user.head();
        user.git("branch", "feature", "HEAD~40");
        user.git("branch", "expected", "HEAD");
        Shell other = new Shell(folder().resolve("other"));
        user.git("worktree", "add", "-q", "--no-checkout", other.folder().toString(), "feature");
        other.git("sparse-checkout", "set", "d1");
        other.git("checkout", "-q", "feature");
        other.write(GeneratedHistory.path(2_001), "changed on the branch\n");
        other.commit("feature");
        user.git("worktree", "remove", "--force", other.folder().toString());
        for (int file = 0; file < 50_000; file += 5_000) {
            user.write(GeneratedHistory.path(file), "changed\n");
        }
        Files.delete(user.folder().resolve(GeneratedHistory.path(11)));
        user.write("new/file.txt", "new\n");
        user.git("add", GeneratedHistory.path(0));

        Answer status = call("GET", git + "/status", null);
        Answer branches = call("GET", git + "/branches", null);
        Answer merged = call("POST", git + "/merge", Map.of("branch", "feature"));
        Shell judge = new Shell(user.folder());
        String expected = judge.git("merge-tree", "--write-tree", "expected", "feature");

        List<String> porcelain =
                user.git("status", "--porcelain", "-uall").lines().toList();
        assertThat(each(status.list("staged"), "path")).containsExactly(GeneratedHistory.path(0));
        assertThat(each(status.list("unstaged"), "path"))
                .hasSize(10)
                .allSatisfy(path -> assertThat(porcelain).anyMatch(line -> line.endsWith(String.valueOf(path))));
        assertThat(status.body().get("untracked")).isEqualTo(List.of("new/file.txt"));
        assertThat(porcelain).hasSize(12);
        assertThat(each(branches.list("branches"), "name"))
                .isEqualTo(user.git("for-each-ref", "--format=%(refname:short)", "refs/heads")
                        .lines()
                        .toList());
        assertThat(merged.status()).as(merged.toString()).isEqualTo(200);
        assertThat(user.git("rev-parse", "HEAD^{tree}"))
                .isEqualTo(expected.lines().findFirst().orElseThrow());
        assertThat(user.git("rev-parse", "HEAD^1")).isEqualTo(before);
        assertThat(sandbox.head()).isEqualTo(before);
        assertThat(sandbox.git("status", "--porcelain")).isEmpty();
    }
}
