package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.workspace.testing.GeneratedHistory;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * What the service takes beside the git executable, in turns and in the same run; {@code bench/git/run.sh} runs it. Not among the
 * tests: what it measures depends on the machine.
 */
@NullMarked
@MicronautTest(transactional = false)
class GitBenchmark extends ServiceTest {
    private static final int FILES = Integer.getInteger("bench.files", 10_000);
    private static final int COMMITS = Integer.getInteger("bench.commits", 2_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 15);
    private static final int CLONES = 5;

    private final List<String> rows = new ArrayList<>();

    @Test
    void besideGit() {
        Shell user = GeneratedHistory.of(playground.resolve("bench"), FILES, COMMITS);
        String workspace = workspace(user.folder().toString());
        String git = "/workspaces/" + workspace + "/git";
        String session = session(workspace);
        Path mirror = folder().resolve("mirror.git");
        user.git("clone", "-q", "--mirror", "--no-local", user.folder().toString(), mirror.toString());
        Shell anywhere = new Shell(folder());

        row(
                "status",
                ROUNDS,
                1.5,
                10,
                () -> text(git + "/status"),
                () -> user.git("status", "--porcelain=v2", "--branch", "-z", "-uall"));
        row(
                "log, 200 commits",
                ROUNDS,
                1.5,
                10,
                () -> text(git + "/log?limit=200"),
                () -> user.git("log", "--max-count=200"));
        row(
                "diff, 300 commits apart",
                ROUNDS,
                1.5,
                10,
                () -> text(git + "/diff?base=HEAD~300&head=HEAD"),
                () -> user.git("diff", "-M", "HEAD~300", "HEAD"));
        row(
                "clone into a sandbox",
                CLONES,
                1.3,
                0,
                () -> sandboxClone(session),
                () -> anywhere.git("clone", "-q", "--no-local", mirror.toString(), "c" + System.nanoTime()));

        System.out.println("BENCH " + FILES + " files, " + COMMITS + " commits; git " + user.git("--version"));
        System.out.println("BENCH");
        System.out.println(
                "BENCH | operation | service ms: best (median) | git ms: best (median) | ratio of the best | goal ms | |");
        System.out.println("BENCH | --- | --- | --- | --- | --- | --- |");
        rows.forEach(row -> System.out.println("BENCH " + row));
        assertThat(rows).hasSize(4);
    }

    private void row(String what, int rounds, double factor, int plus, Runnable ours, Runnable gits) {
        List<Double> service = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        for (int round = 0; round < rounds + 3; round++) {
            double first = millis(ours);
            double second = millis(gits);
            // The first rounds warm both.
            if (round >= 3) {
                service.add(first);
                beside.add(second);
            }
        }
        // The best of many is what is least disturbed by whatever else the machine does.
        double best = Collections.min(service);
        double goal = factor * Collections.min(beside) + plus;
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %.1f (%.1f) | %.1f (%.1f) | %.2f | %.1f | %s |",
                what,
                best,
                median(service),
                Collections.min(beside),
                median(beside),
                best / Collections.min(beside),
                goal,
                best <= goal ? "met" : "missed"));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }
}
