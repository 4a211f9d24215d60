package dev.slipway.kit.job;

import java.time.Duration;

/** Does the jobs of one kind, one per key at a time. It may be called again for the same job and must come to the same end. */
public interface JobHandler {
    /** The kind, for example {@code checkout}. */
    String kind();

    /** Does the job. What it throws makes it come again, later each time, up to {@link #attemptsMax()}. */
    void run(Job job) throws Exception;

    /** After this many failures the job is dead; {@link #dead} is told. */
    default int attemptsMax() {
        return 10;
    }

    /** The job failed for the last time; a chance to say so to the user. */
    default void dead(Job job, Exception reason) {}

    /** How long after a failure it is tried again. */
    default Duration backoff(int attempt) {
        long millis = Math.min(60_000, 250L << Math.min(attempt, 10));
        return Duration.ofMillis(
                millis / 2 + java.util.concurrent.ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }
}
