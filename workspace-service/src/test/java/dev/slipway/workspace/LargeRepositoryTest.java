package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A repository with 1,000 commits over 10,000 files: the answers equal git's, and the times are written to the log beside git's. */
@NullMarked
@MicronautTest(transactional = false)
class LargeRepositoryTest extends ServiceTest {
    private static final Logger LOG = LoggerFactory.getLogger(LargeRepositoryTest.class);

    @Test
    void answersEqualGitsOwn() throws Exception {
        Shell user = generated(playground.resolve("large"));
        String workspace = workspace(user.folder().toString());
        String git = "/workspaces/" + workspace + "/git";
        String session = session(workspace);

        Answer log = call("GET", git + "/log?limit=200", null);
        Answer diff = call("GET", git + "/diff?base=HEAD~300&head=HEAD", null);
        Shell sandbox = sandboxClone(session);

        assertThat(log.list("commits"))
                .extracting(commit -> String.valueOf(commit.get("sha")))
                .isEqualTo(user.git("log", "--max-count=200", "--format=%H")
                        .lines()
                        .toList());
        assertThat(diff.list("diffs").stream()
                        .map(file -> file.get("additions") + "\t" + file.get("deletions") + "\t" + file.get("path"))
                        .toList())
                .isEqualTo(user.git("diff", "--numstat", "-M", "HEAD~300", "HEAD")
                        .lines()
                        .toList());
        assertThat(diff.list("diffs").stream()
                        .map(file -> String.valueOf(file.get("patch")))
                        .collect(Collectors.joining())
                        .strip())
                .isEqualTo(user.git("diff", "-M", "--full-index", "HEAD~300", "HEAD"));
        assertThat(sandbox.head()).isEqualTo(user.head());
        measure(user, git, session);
    }

    private void measure(Shell user, String git, String session) {
        Path mirror = folder().resolve("mirror.git");
        user.git("clone", "-q", "--mirror", "--no-local", user.folder().toString(), mirror.toString());
        Shell anywhere = new Shell(folder());
        compare("status", () -> call("GET", git + "/status", null), () -> user.git("status", "--porcelain=v2"));
        compare("log", () -> call("GET", git + "/log?limit=200", null), () -> user.git("log", "--max-count=200"));
        compare(
                "diff",
                () -> call("GET", git + "/diff?base=HEAD~300&head=HEAD", null),
                () -> user.git("diff", "-M", "HEAD~300", "HEAD"));
        compare(
                "clone",
                () -> sandboxClone(session),
                () -> anywhere.git("clone", "-q", "--no-local", mirror.toString(), "c" + System.nanoTime()));
    }

    private static void compare(String what, Runnable ours, Runnable gits) {
        long best = Long.MAX_VALUE;
        long bestOfGit = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            best = Math.min(best, time(ours));
            bestOfGit = Math.min(bestOfGit, time(gits));
        }
        LOG.info("{}: {} ms, git {} ms (best of 5)", what, best / 1_000_000, bestOfGit / 1_000_000);
    }

    private static long time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** Written as a stream for {@code git fast-import}, which is done in seconds. */
    private static Shell generated(Path folder) throws Exception {
        Files.createDirectories(folder);
        Shell shell = new Shell(folder);
        shell.git("init", "-q", "-b", "main");
        StringBuilder stream = new StringBuilder();
        for (int commit = 0; commit < 1_000; commit++) {
            stream.append("commit refs/heads/main\ncommitter Gen <gen@example.org> ")
                    .append(1_700_000_000 + commit)
                    .append(" +0000\n");
            data(stream, "commit " + commit);
            List<Integer> files = commit == 0
                    ? IntStream.range(0, 10_000).boxed().toList()
                    : List.of(commit * 7 % 10_000, commit * 13 % 10_000);
            for (int file : files) {
                stream.append("M 644 inline d")
                        .append(file % 100)
                        .append("/f")
                        .append(file)
                        .append(".txt\n");
                data(stream, "file " + file + "\nin commit " + commit + "\n" + "line\n".repeat(20));
            }
        }
        Path file = folder.resolveSibling("stream");
        Files.writeString(file, stream);
        Process process = new ProcessBuilder("git", "fast-import", "--quiet")
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .redirectInput(file.toFile())
                .start();
        assertThat(process.waitFor()).isZero();
        shell.git("reset", "-q", "--hard");
        return shell;
    }

    private static void data(StringBuilder stream, String text) {
        stream.append("data ").append(text.length()).append('\n').append(text).append('\n');
    }
}
