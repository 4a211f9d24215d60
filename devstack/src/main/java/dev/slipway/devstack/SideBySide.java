package dev.slipway.devstack;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Steps that run at the same time; leaving the block waits for all of them and throws what the first one threw. */
final class SideBySide implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** One step. */
    interface Step {
        void run() throws Exception;
    }

    void run(String name, Step step) {
        threads.add(Thread.ofPlatform().name(name).start(() -> {
            try {
                step.run();
            } catch (Exception | LinkageError e) {
                failure.compareAndSet(null, e);
            }
        }));
    }

    @Override
    public void close() {
        for (Thread thread : threads) {
            join(thread);
        }
        Throwable thrown = failure.get();
        if (thrown instanceof StartFailure known) {
            throw known;
        }
        if (thrown != null) {
            throw new StartFailure("A part did not start: " + thrown, thrown);
        }
    }

    /** Waits also through an interruption: every step has its own deadline. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
