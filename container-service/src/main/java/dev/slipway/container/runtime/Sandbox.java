package dev.slipway.container.runtime;

import java.time.Instant;

/**
 * A sandbox as the engine sees it.
 *
 * @param generation of the wish that it was made for
 * @param containerId the engine's id, which is never used twice
 * @param imageId the digest of the image that it runs
 */
public record Sandbox(
        String sessionId,
        String projectId,
        long generation,
        String containerId,
        String imageId,
        Instant createdAt,
        State state) {

    /** Whether its processes run. */
    public boolean isRunning() {
        return state instanceof State.Running;
    }

    /** What the engine does with it. */
    public sealed interface State {
        /** Made, never started. */
        record Created() implements State {}

        /** Its processes run, or are paused. */
        record Running() implements State {}

        /**
         * Its first process has ended.
         *
         * @param exitCode 128 + n where signal n ended it
         * @param outOfMemory whether it ended because memory ran out; false where it did so earlier and went on
         */
        record Exited(int exitCode, boolean outOfMemory) implements State {}
    }
}
