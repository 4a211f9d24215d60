package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A real repository, which somebody else made: each answer, at commits and files drawn by lot, equals that of the git executable.
 * {@code bench/git/real.sh} runs it with a repository of this machine; not among the tests, since none of them may need a network.
 */
@NullMarked
@MicronautTest(transactional = false)
class RealHistoryCheck extends ServiceTest {
    private static final Path REPOSITORY = Path.of(System.getProperty("bench.repository", "/nowhere"));
    private static final int DRAWS = Integer.getInteger("bench.draws", 40);

    private final SplittableRandom lot = new SplittableRandom(Long.getLong("bench.seed", 1));
    private final Shell judge = new Shell(playground.resolve("judge"));
    private List<String> commits = List.of();
    private String workspace = "";
    private String git = "";
    private int compared;

    @BeforeAll
    void open() {
        new Shell(playground).git("clone", "-q", "--no-local", REPOSITORY.toString(), "judge");
        workspace = workspace("file://" + judge.folder());
        git = "/workspaces/" + workspace + "/git";
        commits = judge.git("rev-list", "HEAD").lines().toList();
    }

    private String draw() {
        return commits.get(lot.nextInt(commits.size()));
    }

    private String drawFile(String commit) {
        List<String> files = judge.git("ls-tree", "-r", "--name-only", commit)
                .lines()
                .filter(name -> !name.startsWith("\""))
                .toList();
        return files.isEmpty() ? "" : files.get(lot.nextInt(files.size()));
    }

    @Test
    void everyAnswerIsGits() throws Exception {
        for (int draw = 0; draw < DRAWS; draw++) {
            String commit = draw();
            log(commit);
            diff(commit + "~1", commit);
            diff(draw(), draw());
            String file = drawFile(commit);
            if (!file.isEmpty()) {
                content(commit, file);
                blame(commit, file);
                fileHistory(commit, file);
                folder(commit, Path.of(file).getParent());
            }
        }
        System.out.println("BENCH " + commits.size() + " commits; " + compared
                + " answers compared: log, file history, differences"
                + " (JSON, pages, patch), contents, blame, folders; all equal");
        branchesAndStatus();
        merges();
        sandbox();
    }

    private void log(String commit) {
        Answer log = call("GET", git + "/log?limit=100&ref=" + commit, null);
        List<String> mine = log.list("commits").stream()
                .map(entry -> entry.get("sha") + "|" + entry.get("author") + "|" + entry.get("authorEmail") + "|"
                        + entry.get("committer") + "|"
                        + String.join(
                                " ",
                                ((List<?>) java.util.Objects.requireNonNull(entry.get("parents")))
                                        .stream().map(String::valueOf).toList()))
                .toList();
        assertThat(mine)
                .isEqualTo(judge.git("log", "--max-count=100", "--format=%H|%an|%ae|%cn|%P", commit)
                        .lines()
                        .toList());
        assertThat(String.valueOf(log.list("commits").getFirst().get("message")).strip())
                .isEqualTo(judge.git("log", "-1", "--format=%B", commit));
        compared += 2;
    }

    private void diff(String base, String head) {
        if (!judge.attempt("rev-parse", "--verify", "-q", base + "^{commit}")
                .text()
                .matches("(?s)[0-9a-f]{40}.*")) {
            return;
        }
        String path = git + "/diff?base=" + base + "&head=" + head;
        List<Map<String, Object>> paged = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = call("GET", path + "&limit=50" + cursor, null);
            paged.addAll(page.list("diffs"));
            cursor = page.body().get("nextCursor") == null ? "" : "&cursor=" + page.text("nextCursor");
        } while (!cursor.isEmpty());
        String whole = judge.git("diff", "-M", "--full-index", base, head);
        assertThat(paged.stream()
                        .map(file -> String.valueOf(file.get("patch")))
                        .collect(Collectors.joining())
                        .strip())
                .as(base + " " + head)
                .isEqualTo(whole);
        assertThat(text(path + "&format=patch").strip()).isEqualTo(whole);
        assertThat(paged.stream()
                        .map(file -> Boolean.TRUE.equals(file.get("binary"))
                                ? "-\t-"
                                : file.get("additions") + "\t" + file.get("deletions"))
                        .toList())
                .isEqualTo(judge.git("diff", "--numstat", "-M", base, head)
                        .lines()
                        .map(line ->
                                line.substring(0, line.lastIndexOf('\t', line.indexOf('\t', line.indexOf('\t') + 1))))
                        .toList());
        compared += 3;
    }

    private void content(String commit, String file) {
        Answer answer = call("GET", git + "/file?ref=" + commit + "&path=" + encoded(file), null);
        if (judge.git("ls-tree", commit, "--", file).startsWith("160000")) {
            assertThat(answer.status()).isEqualTo(404);
            return;
        }
        String said = answer.text("content");
        String content = answer.text("encoding").equals("base64")
                ? new String(Base64.getDecoder().decode(said), StandardCharsets.UTF_8)
                : said;
        assertThat(content.strip()).as(commit + ":" + file).isEqualTo(judge.git("show", commit + ":" + file));
        compared++;
    }

    private void blame(String commit, String file) {
        Answer blame = call("GET", git + "/blame?ref=" + commit + "&path=" + encoded(file), null);
        if (blame.status() != 200) {
            assertThat(judge.attempt("blame", commit, "--", file).exit()).isNotZero();
            return;
        }
        List<String> gits = judge.git("blame", "--porcelain", commit, "--", file)
                .lines()
                .filter(line -> line.matches("[0-9a-f]{40} \\d+ \\d+.*"))
                .map(line -> line.substring(0, 40))
                .limit(1_000)
                .toList();
        assertThat(blame.list("lines").stream()
                        .map(line -> String.valueOf(line.get("sha")))
                        .toList())
                .as("blame " + commit + " " + file)
                .isEqualTo(gits);
        compared++;
    }

    private void fileHistory(String commit, String file) {
        Answer log = call("GET", git + "/log?ref=" + commit + "&path=" + encoded(file), null);
        assertThat(log.list("commits").stream()
                        .map(entry -> String.valueOf(entry.get("sha")))
                        .toList())
                .isEqualTo(judge.git("log", "--max-count=50", "--format=%H", commit, "--", file)
                        .lines()
                        .toList());
        compared++;
    }

    private void folder(String commit, @org.jspecify.annotations.Nullable Path folder) {
        String under = folder == null ? "" : folder.toString();
        Answer files = call(
                "GET",
                git + "/files?limit=200&ref=" + commit + (under.isEmpty() ? "" : "&path=" + encoded(under)),
                null);
        List<String> gits = judge.git("-c", "core.quotePath=false", "ls-tree", "--name-only", commit + ":" + under)
                .lines()
                .sorted()
                .limit(200)
                .toList();
        assertThat(files.list("files").stream()
                        .map(entry -> String.valueOf(entry.get("name")))
                        .toList())
                .isEqualTo(gits);
        compared++;
    }

    private void branchesAndStatus() {
        Answer branches = call("GET", git + "/branches?limit=200", null);
        Answer status = call("GET", git + "/status", null);
        Shell clone =
                new Shell(Path.of(call("GET", "/workspaces/" + workspace, null).text("workDir")));
        assertThat(branches.list("branches").stream()
                        .filter(each -> Boolean.FALSE.equals(each.get("isRemote")))
                        .map(each -> each.get("name") + " " + each.get("commit"))
                        .toList())
                .isEqualTo(clone.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
                        .lines()
                        .toList());
        assertThat(status.body()).containsEntry("isClean", true).containsEntry("commit", clone.head());
        assertThat(clone.git("status", "--porcelain")).isEmpty();
    }

    private void merges() {
        int clean = 0;
        int conflicts = 0;
        for (int draw = 0; draw < DRAWS / 2; draw++) {
            // What people really joined, as it was before they did.
            List<String> merges = judge.git("rev-list", "--merges", "--max-count=2000", "HEAD")
                    .lines()
                    .toList();
            if (merges.isEmpty()) {
                break;
            }
            String merge = merges.get(lot.nextInt(merges.size()));
            String ours = judge.git("rev-parse", merge + "^1");
            String theirs = judge.git("rev-parse", merge + "^2");
            call("POST", git + "/checkout", Map.of("ref", ours));
            call("POST", git + "/branches", Map.of("name", "theirs-" + draw, "from", theirs));
            Answer merged = call("POST", git + "/merge", Map.of("branch", "theirs-" + draw));
            Shell.Said expected =
                    judge.attempt("merge-tree", "--write-tree", "--name-only", "--no-messages", ours, theirs);
            List<String> said = expected.text().lines().toList();
            if (expected.exit() == 0) {
                Shell clone = new Shell(
                        Path.of(call("GET", "/workspaces/" + workspace, null).text("workDir")));
                assertThat(merged.status()).as(merged.toString()).isEqualTo(200);
                assertThat(clone.git("rev-parse", "HEAD^{tree}")).isEqualTo(said.getFirst());
                assertThat(clone.git("status", "--porcelain")).isEmpty();
                clean++;
            } else {
                assertThat(merged.status()).isEqualTo(409);
                assertThat(merged.list("errors").stream()
                                .map(error -> String.valueOf(error.get("field")))
                                .toList())
                        .containsAll(said.subList(1, Math.min(said.size(), 20)).stream()
                                .filter(name -> !name.isEmpty())
                                .toList());
                conflicts++;
            }
        }
        System.out.println("BENCH merges that people made, made again: " + clean + " clean with git's tree, "
                + conflicts + " refused with git's conflicts");
    }

    private void sandbox() {
        call("POST", git + "/checkout", Map.of("ref", judge.git("symbolic-ref", "--short", "HEAD")));
        String session = session(workspace);
        Shell sandbox = sandboxClone(session);
        assertThat(sandbox.head()).isEqualTo(judge.head());
        assertThat(sandbox.git("rev-list", "--count", "HEAD")).isEqualTo(String.valueOf(commits.size()));
        assertThat(sandbox.attempt("fsck", "--connectivity-only").exit()).isZero();
        String file = drawFile(judge.head());
        sandbox.write(file + ".new", "new\n");
        sandbox.git("rm", "-q", file);
        sandbox.commit("feat: by the sandbox");
        sandbox.git("push", "-q", "origin", "HEAD:refs/heads/slipway/" + session);
        Answer diff = call("GET", "/sessions/" + session + "/diff", null);
        assertThat(diff.list("files").stream()
                        .map(each -> String.valueOf(each.get("patch")))
                        .collect(Collectors.joining())
                        .strip())
                .isEqualTo(sandbox.git("diff", "-M", "--full-index", "HEAD^", "HEAD"));
        assertThat(call("POST", "/sessions/" + session + "/apply", Map.of()).status())
                .isEqualTo(200);
        Shell clone =
                new Shell(Path.of(call("GET", "/workspaces/" + workspace, null).text("workDir")));
        assertThat(clone.git("rev-parse", "HEAD^{tree}")).isEqualTo(sandbox.git("rev-parse", "HEAD^{tree}"));
        assertThat(clone.attempt("fsck", "--connectivity-only").exit()).isZero();
        System.out.println("BENCH sandbox: cloned whole, pushed, compared, applied; trees equal, fsck clean");
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
