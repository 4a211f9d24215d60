package dev.slipway.session.turn;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets what running turns say go before turns that begin. A beginning costs a hundred times what a word does, and many at the same
 * moment would make everybody's words wait for all of them; so few are at it together, and the others wait here, where they cost nothing.
 * A courtesy and no lock: nobody waits longer than two seconds. Whoever comes here holds neither a connection nor a row.
 */
@Singleton
public class RunningFirst {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final int atOnce;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition saysMay = lock.newCondition();
    private final Condition beginsMay = lock.newCondition();
    private int busy;
    private int saying;

    @Inject
    RunningFirst() {
        // One more than can compute, since each waits for the database now and then.
        this(Runtime.getRuntime().availableProcessors() + 1, PATIENCE);
    }

    RunningFirst(int atOnce, Duration patience) {
        this.atOnce = atOnce;
        this.patience = patience;
    }

    /** Does something for a turn that runs, before any that begins. */
    public <T> T say(Supplier<T> work) {
        return in(work, true);
    }

    /** Does something for a turn that begins. */
    public <T> T begin(Supplier<T> work) {
        return in(work, false);
    }

    private <T> T in(Supplier<T> work, boolean says) {
        enter(says);
        try {
            return work.get();
        } finally {
            leave();
        }
    }

    private void enter(boolean says) {
        lock.lock();
        try {
            saying += says ? 1 : 0;
            long left = patience.toNanos();
            while (left > 0 && (busy >= atOnce || (!says && saying > 0))) {
                left = (says ? saysMay : beginsMay).awaitNanos(left);
            }
        } catch (InterruptedException _) {
            // The work itself sees it, or is done in time.
            Thread.currentThread().interrupt();
        } finally {
            saying -= says ? 1 : 0;
            busy++;
            pass();
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            busy--;
            pass();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the next, if there is room for one. */
    private void pass() {
        if (busy < atOnce) {
            (saying > 0 ? saysMay : beginsMay).signal();
        }
    }
}
