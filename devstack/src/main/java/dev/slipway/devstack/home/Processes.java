package dev.slipway.devstack.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Processes that an earlier launcher started and could not stop. A number alone proves nothing: numbers are used again. */
public final class Processes {
    private Processes() {}

    /** The process with that number, if it lives and its command line holds that text. */
    public static Optional<ProcessHandle> find(long pid, String inCommandLine) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> commandLine(process).contains(inCommandLine));
    }

    /** Sends a signal, waits, and kills what is still there; true if it went by itself. */
    public static boolean stop(ProcessHandle process, String signal, Duration patience) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException | IOException e) {
            process.destroyForcibly();
            return false;
        }
    }

    private static String commandLine(ProcessHandle process) {
        try {
            // Complete where it exists; the portable call may be cut short.
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return process.info().commandLine().orElse("");
        }
    }
}
