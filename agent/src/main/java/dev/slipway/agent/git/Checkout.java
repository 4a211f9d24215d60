package dev.slipway.agent.git;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Brings the session's branch into the work folder, whole or not at all. */
public final class Checkout {
    private static final Duration TIMEOUT = Duration.ofMinutes(30);
    private static final Pattern PERCENT = Pattern.compile("^(remote: )?([A-Z][a-z]+ [a-z]+): +(\\d{1,3})%");

    private Checkout() {}

    /** How far a clone is. */
    @FunctionalInterface
    public interface Progress {
        /** @param percent 0 to 100, over all steps */
        void at(int percent, String message);
    }

    /**
     * Clones into {@code workspace}, which must not exist. The clone is made beside it and renamed when it is whole, so a crash leaves
     * nothing that looks finished.
     *
     * @param git run in the folder that is to hold {@code workspace}
     */
    public static void make(Git git, String url, String branch, Path workspace, Author author, Progress progress)
            throws IOException, InterruptedException {
        Path staging = workspace.resolveSibling(workspace.getFileName() + ".cloning");
        deleteTree(staging);
        git.run(
                TIMEOUT,
                line -> report(line, progress),
                // The author goes with the clone: each program more costs some of the time that somebody waits.
                List.of(
                        "clone",
                        "--progress",
                        "--config",
                        "user.name=" + author.name(),
                        "--config",
                        "user.email=" + author.email(),
                        "--branch",
                        branch,
                        "--",
                        url,
                        staging.toString()));
        deleteTree(workspace);
        Files.move(staging, workspace, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes a folder and all in it; links are removed, not followed. */
    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Git counts each step from 0 to 100; the receiving takes most of the time. */
    static void report(String line, Progress progress) {
        Matcher match = PERCENT.matcher(line);
        if (match.find()) {
            int percent = Integer.parseInt(match.group(3));
            String step = match.group(2);
            int overall = switch (step) {
                case "Receiving objects" -> percent * 80 / 100;
                case "Resolving deltas" -> 80 + percent * 15 / 100;
                case "Updating files" -> 95 + percent * 5 / 100;
                default -> 0;
            };
            progress.at(Math.min(overall, 100), step.toLowerCase(Locale.ROOT) + ", " + percent + " %");
        }
    }
}
