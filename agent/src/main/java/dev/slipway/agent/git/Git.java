package dev.slipway.agent.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the git program: never with the repository's hooks, never asking anybody, always with an end.
 *
 * @param directory where it runs
 * @param environment on top of this process's own, such as the proxy
 */
public record Git(Path directory, Map<String, String> environment) {
    private static final int OUTPUT_BYTES_MAX = 32 << 20;
    private static final int ERROR_CHARACTERS_MAX = 2_000;

    /** The same, run elsewhere. */
    public Git in(Path other) {
        return new Git(other, environment);
    }

    /** The same with one more variable. */
    public Git with(String name, String value) {
        var more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new Git(directory, Map.copyOf(more));
    }

    /**
     * Runs a command and returns what it wrote.
     *
     * @throws GitException if it failed, with what it said
     */
    public String run(Duration timeout, String... arguments) throws IOException, InterruptedException {
        return run(timeout, line -> {}, List.of(arguments));
    }

    /** Runs a command and tells whether it ended well; what it wrote is dropped. */
    public boolean succeeds(Duration timeout, String... arguments) throws IOException, InterruptedException {
        try {
            run(timeout, arguments);
            return true;
        } catch (GitException _) {
            return false;
        }
    }

    /** As {@link #run(Duration, String...)}, and tells each line of its error output, where git writes its progress. */
    public String run(Duration timeout, Consumer<String> progress, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "commit.gpgSign=false",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.quotePath=false",
                "-c",
                "gc.auto=0",
                "-c",
                "maintenance.auto=false"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("GIT_TERMINAL_PROMPT", "0", "LC_ALL", "C.UTF-8", "GIT_EDITOR", "true"));
        Process process = builder.start();
        process.getOutputStream().close();
        var error = new StringBuilder();
        Thread errorReader = Thread.ofVirtual()
                .name("git-stderr")
                .start(() -> readLines(process.getErrorStream(), line -> {
                    progress.accept(line);
                    synchronized (error) {
                        error.append(line).append('\n');
                        error.delete(0, Math.max(0, error.length() - ERROR_CHARACTERS_MAX));
                    }
                }));
        // A command that hangs is ended from outside, which ends the reading below.
        Thread watchdog = Thread.ofVirtual().name("git-watchdog").start(() -> {
            try {
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                return;
            }
        });
        try {
            String output = readAll(process.getInputStream());
            int exit = process.waitFor();
            errorReader.join();
            if (exit != 0) {
                synchronized (error) {
                    throw new GitException("git " + arguments.getFirst() + " failed (exit " + exit + "): "
                            + error.toString().strip());
                }
            }
            return output;
        } finally {
            watchdog.interrupt();
            process.destroyForcibly();
        }
    }

    private static String readAll(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = in.read(buffer)) >= 0) {
            if (all.size() + count > OUTPUT_BYTES_MAX) {
                throw new GitException("git wrote more than " + OUTPUT_BYTES_MAX + " bytes");
            }
            all.write(buffer, 0, count);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Progress comes with carriage returns instead of line feeds. */
    private static void readLines(InputStream in, Consumer<String> lines) {
        try {
            var line = new ByteArrayOutputStream();
            int next;
            while ((next = in.read()) >= 0) {
                if (next != '\n' && next != '\r') {
                    line.write(next);
                } else if (line.size() > 0) {
                    lines.accept(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
            }
            if (line.size() > 0) {
                lines.accept(line.toString(StandardCharsets.UTF_8));
            }
        } catch (IOException _) {
            // The process has ended; what it could say has been read.
            return;
        }
    }
}
