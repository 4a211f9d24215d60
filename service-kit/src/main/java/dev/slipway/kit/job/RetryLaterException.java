package dev.slipway.kit.job;

import java.time.Duration;

/** The job is not done and nothing is wrong: it is to be called again after a while. Does not count as a failure. */
public final class RetryLaterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration after;

    public RetryLaterException(Duration after) {
        super("again in " + after, null, false, false);
        this.after = after;
    }

    /** How long to wait. */
    public Duration after() {
        return after;
    }
}
