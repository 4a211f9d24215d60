package dev.slipway.container.reconcile;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** One thing that is done beside another. Whoever starts it waits for its end, whatever becomes of the other. */
final class Beside<T> {
    private final FutureTask<T> task;

    private Beside(FutureTask<T> task) {
        this.task = task;
    }

    static <T> Beside<T> start(String name, Callable<T> deed) {
        FutureTask<T> task = new FutureTask<>(deed);
        Thread.ofVirtual().name(name).start(task);
        return new Beside<>(task);
    }

    /** Returns when it has ended, well or not: nothing of a wish may go on when the work for it ends. */
    void await() throws InterruptedException {
        InterruptedException interrupted = null;
        while (!task.isDone()) {
            try {
                task.get();
            } catch (ExecutionException _) {
                // Told by whoever asks for the result.
            } catch (InterruptedException e) {
                interrupted = e;
            }
        }
        if (interrupted != null) {
            throw interrupted;
        }
    }

    /** What came of it; throws what it threw. */
    T result() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException("a step towards a sandbox broke off", e);
        }
    }
}
