package dev.slipway.container.lifecycle;

import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest wish for a session's sandbox, and what became of it.
 *
 * @param spec there when {@code desired} is running, and kept afterwards
 * @param lastActivity the last sign that somebody uses it
 * @param agentSeq the position of agent's journal when it was last looked at
 * @param wantedAt when the wish came, by the database's clock
 * @param image the name of the image that it ran last; null before the first time
 * @param imageDigest what that name stood for then
 * @param newestImage what others were told that it stands for now; null while that is the same
 */
public record WantedSandbox(
        String sessionId,
        String projectId,
        String workspaceId,
        long generation,
        Desired desired,
        @Nullable SandboxSpec spec,
        SandboxState state,
        Instant lastActivity,
        long agentSeq,
        Instant wantedAt,
        @Nullable String image,
        @Nullable String imageDigest,
        @Nullable String newestImage) {

    /** The spec of a sandbox that is wanted running, which always has one. */
    public SandboxSpec need() {
        SandboxSpec present = spec;
        if (present == null) {
            throw new IllegalStateException(
                    "sandbox of " + sessionId + ": no spec (expected: one, being wanted running)");
        }
        return present;
    }
}
