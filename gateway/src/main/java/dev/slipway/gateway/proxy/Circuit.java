package dev.slipway.gateway.proxy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether it is worth asking a service at all. After {@link #FAILURES_MAX} failures in a row nobody is made to wait for it: for
 * a while everyone is refused at once, then one request tries, and its fate decides.
 *
 * <p>A failure is a connection that could not be made, or an answer that did not begin in time; an error that a service
 * answers is an answer.
 */
final class Circuit {
    static final int FAILURES_MAX = 5;

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /** Written under the lock; while it is 0 there is nothing to do, and no lock to take. */
    private volatile int failures;

    private long closedUntilNanos;
    private boolean trying;

    /** How long to stay away; zero if the service may be asked. */
    Duration refusedFor() {
        return failures < FAILURES_MAX ? Duration.ZERO : refusedWhileAway();
    }

    private synchronized Duration refusedWhileAway() {
        if (failures < FAILURES_MAX) {
            return Duration.ZERO;
        }
        long left = closedUntilNanos - System.nanoTime();
        if (left > 0 || trying) {
            return Duration.ofNanos(Math.max(left, PAUSE.toNanos()));
        }
        trying = true;
        return Duration.ZERO;
    }

    void succeeded() {
        if (failures > 0) {
            reset();
        }
    }

    private synchronized void reset() {
        failures = 0;
        trying = false;
    }

    /** The one that tried ended without learning anything. */
    synchronized void abandoned() {
        trying = false;
    }

    synchronized void failed() {
        trying = false;
        int now = Math.min(failures + 1, FAILURES_MAX + 10);
        failures = now;
        if (now >= FAILURES_MAX) {
            long pause = Math.min(PAUSE_MAX.toNanos(), PAUSE.toNanos() << (now - FAILURES_MAX));
            // Not all gateways at the same moment.
            long jitter = ThreadLocalRandom.current().nextLong(pause / 4 + 1);
            closedUntilNanos = System.nanoTime() + pause + jitter;
        }
    }
}
