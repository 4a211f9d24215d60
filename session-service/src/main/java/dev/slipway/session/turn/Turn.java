package dev.slipway.session.turn;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A turn as it is stored.
 *
 * @param prompt ACP content blocks as JSON
 * @param chunkSeq the last chunk that was written
 */
public record Turn(
        String id,
        String sessionId,
        String projectId,
        String userMessageId,
        String assistantMessageId,
        String prompt,
        @Nullable String model,
        @Nullable String mode,
        @Nullable String reasoning,
        Phase phase,
        long chunkSeq,
        boolean cancelRequested,
        Instant createdAt) {

    /** How far a turn is. */
    public enum Phase {
        /** It waits for the session, or for turns before it. */
        QUEUED,
        /** It is being given to the agent. */
        DISPATCHED,
        /** The agent works on it. */
        STARTED,
        /** It is over. */
        ENDED
    }

    /** Whether it is over. */
    public boolean isOver() {
        return phase == Phase.ENDED;
    }
}
