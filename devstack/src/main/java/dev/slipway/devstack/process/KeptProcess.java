package dev.slipway.devstack.process;

import dev.slipway.devstack.home.Processes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A program in a process of its own. When it ends without being asked to, it is started again, later each time it ends soon
 * after its start.
 */
public final class KeptProcess {
    private static final Duration PAUSE_MIN = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Duration STEADY = Duration.ofSeconds(60);

    private final String name;
    private final Launch launch;
    private final Consumer<String> said;
    private final Runnable changed;
    private final Object lock = new Object();
    private Process process;
    private boolean stopping;
    private int endings;
    private int lastCode;

    /** How the program is started; once at first, and again each time it has ended. */
    @FunctionalInterface
    public interface Launch {
        Process start() throws IOException, InterruptedException;
    }

    private KeptProcess(String name, Launch launch, Consumer<String> said, Runnable changed)
            throws IOException, InterruptedException {
        this.name = name;
        this.launch = launch;
        this.said = said;
        this.changed = changed;
        this.process = launch.start();
    }

    /**
     * Starts the program and returns at once; whether it does what it should is for somebody else to find out.
     *
     * @param name for people
     * @param said takes a sentence when it ends unasked
     * @param changed called when it has another process number
     */
    public static KeptProcess start(String name, Launch launch, Consumer<String> said, Runnable changed)
            throws IOException, InterruptedException {
        var kept = new KeptProcess(name, launch, said, changed);
        Thread.ofVirtual().name("watch-" + name).start(kept::watch);
        return kept;
    }

    public long pid() {
        return current().pid();
    }

    public boolean isAlive() {
        return current().isAlive();
    }

    /** How often it has ended without being asked to. */
    public int endings() {
        synchronized (lock) {
            return endings;
        }
    }

    /** The exit code it last ended with unasked; 0 before. */
    public int lastCode() {
        synchronized (lock) {
            return lastCode;
        }
    }

    /** Asks it to end, by that signal, and kills it when the deadline is over. It is not started again. */
    public void stop(String signal, Duration deadline) throws InterruptedException {
        Process last;
        synchronized (lock) {
            stopping = true;
            last = process;
        }
        if (last.isAlive()) {
            Processes.stop(last.toHandle(), signal, deadline);
        }
    }

    private Process current() {
        synchronized (lock) {
            return process;
        }
    }

    private boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    private void watch() {
        Duration pause = PAUSE_MIN;
        Instant started = Instant.now();
        try {
            while (true) {
                int code = current().waitFor();
                boolean steady = Duration.between(started, Instant.now()).compareTo(STEADY) > 0;
                pause = steady ? PAUSE_MIN : pause;
                if (isStopping()) {
                    return;
                }
                ended(code);
                said.accept(name + " ended with code " + code + "; it is started again");
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
                started = Instant.now();
                if (!startAgain()) {
                    return;
                }
                changed.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(int code) {
        synchronized (lock) {
            endings++;
            lastCode = code;
        }
    }

    /** Gives whether it goes on. One that cannot be started counts as one that ended at once. */
    private boolean startAgain() throws InterruptedException {
        synchronized (lock) {
            if (stopping) {
                return false;
            }
            try {
                process = launch.start();
            } catch (IOException e) {
                said.accept(name + " could not be started again: " + e.getMessage());
            }
            return true;
        }
    }
}
