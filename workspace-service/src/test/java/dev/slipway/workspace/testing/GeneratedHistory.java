package dev.slipway.workspace.testing;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A repository with a long history, written as a stream for {@code git fast-import}, which is done in seconds. The same numbers give
 * the same commits. Every tenth commit merges a side line, every hundredth renames a file.
 */
public final class GeneratedHistory {
    private static final int AUTHORS = 40;

    private GeneratedHistory() {}

    /** Makes it. */
    public static Shell of(Path folder, int files, int commits) {
        try {
            Files.createDirectories(folder);
            Shell shell = new Shell(folder);
            shell.git("init", "-q", "-b", "main");
            Path stream = folder.resolveSibling(folder.getFileName() + ".stream");
            try (BufferedWriter out = Files.newBufferedWriter(stream)) {
                write(out, files, commits);
            }
            Process process = new ProcessBuilder("git", "fast-import", "--quiet")
                    .directory(folder.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectErrorStream(true)
                    .redirectInput(stream.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("git fast-import failed");
            }
            Files.delete(stream);
            shell.git("reset", "-q", "--hard");
            return shell;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where a file is. */
    public static String path(int file) {
        return "d" + file % 200 + "/s" + file % 7 + "/f" + file + ".txt";
    }

    private static void write(BufferedWriter out, int files, int commits) throws IOException {
        for (int commit = 0; commit < commits; commit++) {
            boolean merges = commit % 10 == 9 && commit > 20;
            if (merges) {
                head(out, "refs/heads/side", commit, "side " + commit);
                out.write("from :" + (commit - 3) + "\n");
                file(out, files / 2 + commit % (files / 2), commit, "side");
            }
            head(out, "refs/heads/main", commit, "commit " + commit + "\n\nWhy commit " + commit + " was made.");
            out.write(commit == 0 ? "" : "from :" + commit + "\n");
            if (merges) {
                out.write("merge refs/heads/side\n");
            }
            int first = commit * 7 % (files / 2);
            for (int file = commit == 0 ? 0 : first; file < (commit == 0 ? files : first + 1); file++) {
                file(out, file, commit, "main");
            }
            if (commit > 0) {
                file(out, commit * 13 % (files / 2), commit, "main");
            }
            if (commit % 100 == 50) {
                String from = path(files / 2 - 1 - commit / 100);
                out.write("R " + from + " renamed/" + commit + ".txt\n");
            }
        }
    }

    private static void head(BufferedWriter out, String branch, int commit, String message) throws IOException {
        out.write("commit " + branch + "\n");
        if (branch.endsWith("main")) {
            out.write("mark :" + (commit + 1) + "\n");
        }
        int author = commit % AUTHORS;
        out.write("author Author " + author + " <a" + author + "@example.org> " + (1_600_000_000L + commit * 3_600L)
                + " +0100\n");
        out.write("committer Committer <c@example.org> " + (1_600_000_000L + commit * 3_600L + 60) + " +0000\n");
        data(out, message);
    }

    private static void file(BufferedWriter out, int file, int commit, String line) throws IOException {
        out.write("M 644 inline " + path(file) + "\n");
        data(
                out,
                "file " + file + "\nlast in commit " + commit + " on " + line + "\n"
                        + "the same line as ever\n".repeat(10 + file % 30) + "end " + file + "\n");
    }

    private static void data(BufferedWriter out, String text) throws IOException {
        out.write("data " + text.length() + "\n" + text + "\n");
    }
}
