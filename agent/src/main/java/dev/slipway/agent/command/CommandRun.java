package dev.slipway.agent.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One command that runs, with a limit on its time and on what is kept of its output: of each stream the first bytes, the rest
 * is read and dropped so that the command does not hang on it.
 */
public final class CommandRun implements AutoCloseable {
    /** The exit code that stands for a command that was ended because its time was over, as timeout(1) has it. */
    public static final int TIMED_OUT = 124;

    private static final Duration STREAMS_WITHIN = Duration.ofSeconds(2);

    private final Process process;
    private final long begun = System.nanoTime();
    private final long deadline;
    private final Collector output;
    private final Collector error;

    private CommandRun(Process process, Duration timeout, int bytesMax) {
        this.process = process;
        this.deadline = begun + timeout.toNanos();
        this.output = new Collector(process.getInputStream(), bytesMax);
        this.error = new Collector(process.getErrorStream(), bytesMax);
    }

    /** What became of it. {@code truncated} says that some of the output is missing. */
    public record Result(int code, String output, String error, Duration took, boolean truncated) {}

    /**
     * Starts a program without a shell.
     *
     * @throws IOException if there is no such program
     */
    public static CommandRun start(
            List<String> command, Path folder, Map<String, String> environment, Duration timeout, int bytesMax)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new CommandRun(process, timeout, bytesMax);
    }

    /** Waits; whether it has ended or its time is over. */
    public boolean await(Duration atMost) throws InterruptedException {
        long left = Math.min(atMost.toNanos(), deadline - System.nanoTime());
        return process.waitFor(Math.max(0, left), TimeUnit.NANOSECONDS) || deadline - System.nanoTime() <= 0;
    }

    /** Its result, after {@link #await} said that it is over; one whose time is over is ended first. */
    public Result result() throws InterruptedException {
        boolean timedOut = process.isAlive();
        kill();
        output.join();
        error.join();
        close();
        int code = timedOut ? TIMED_OUT : process.exitValue();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        return new Result(code, output.text(), error.text(), took, output.isTruncated() || error.isTruncated());
    }

    /** Ends it with all that it has started, if it still runs. */
    @Override
    public void close() {
        kill();
        process.destroyForcibly();
    }

    /** By its handle: the process itself would close its output too, of which the last may not have been read yet. */
    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    private static final class Collector {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final Thread reader;
        private final int bytesMax;
        private boolean truncated;

        Collector(InputStream in, int bytesMax) {
            this.bytesMax = bytesMax;
            this.reader = Thread.ofVirtual().name("command-output").start(() -> readAll(in));
        }

        private void readAll(InputStream in) {
            byte[] buffer = new byte[8 * 1024];
            try (in) {
                int count;
                while ((count = in.read(buffer)) >= 0) {
                    keep(buffer, count);
                }
            } catch (IOException _) {
                return; // the process was ended
            }
        }

        private synchronized void keep(byte[] bytes, int count) {
            int room = Math.min(count, bytesMax - kept.size());
            kept.write(bytes, 0, room);
            truncated |= room < count;
        }

        /** A grandchild that got away may hold the stream open for ever, so not for ever. */
        void join() throws InterruptedException {
            reader.join(STREAMS_WITHIN);
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }

        synchronized boolean isTruncated() {
            return truncated;
        }
    }
}
