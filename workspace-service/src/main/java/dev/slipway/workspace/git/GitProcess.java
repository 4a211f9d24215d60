package dev.slipway.workspace.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A running git. A watchdog ends it, with all that it started, when its deadline passes. */
public final class GitProcess implements AutoCloseable {
    private static final int ERROR_CHARACTERS_MAX = 2_000;
    private static final int LINE_BYTES_MAX = 4_096;

    private final Process process;
    private final Thread watchdog;
    private final Thread errorReader;
    private final StringBuilder error = new StringBuilder();
    private volatile boolean late;

    GitProcess(Process process, Duration deadline, Consumer<String> progress) {
        this.process = process;
        this.errorReader =
                Thread.ofVirtual().name("git-stderr").start(() -> readLines(process.getErrorStream(), progress));
        this.watchdog = Thread.ofVirtual().name("git-watchdog").start(() -> watch(deadline));
    }

    /** What git reads. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** What git writes. */
    public InputStream output() {
        return process.getInputStream();
    }

    /** The end of what git said on its error output. */
    public String error() {
        synchronized (error) {
            return error.toString().strip();
        }
    }

    /** Waits for the end; the exit status. @throws GitException if the deadline passed */
    public int await() throws InterruptedException {
        int exit = process.waitFor();
        errorReader.join();
        if (late) {
            throw new GitException("git took longer than it may and was ended", -1);
        }
        return exit;
    }

    /** Ends it now, with what it started. */
    public void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        watchdog.interrupt();
        end();
        try {
            process.getInputStream().close();
            process.getOutputStream().close();
        } catch (IOException _) {
            // It is gone already.
            return;
        }
    }

    private void watch(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                late = true;
                end();
            }
        } catch (InterruptedException _) {
            return;
        }
    }

    /** Progress comes with carriage returns instead of line feeds. */
    private void readLines(InputStream in, Consumer<String> progress) {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int next;
            while ((next = in.read()) >= 0) {
                if (next == '\n' || next == '\r' || line.size() >= LINE_BYTES_MAX) {
                    said(line.toString(StandardCharsets.UTF_8), progress);
                    line.reset();
                } else {
                    line.write(next);
                }
            }
            said(line.toString(StandardCharsets.UTF_8), progress);
        } catch (IOException _) {
            // The process was ended; what it said until then is kept.
            return;
        }
    }

    private void said(String line, Consumer<String> progress) {
        if (line.isBlank()) {
            return;
        }
        synchronized (error) {
            error.append(line).append('\n');
            error.delete(0, Math.max(0, error.length() - ERROR_CHARACTERS_MAX));
        }
        progress.accept(line);
    }
}
