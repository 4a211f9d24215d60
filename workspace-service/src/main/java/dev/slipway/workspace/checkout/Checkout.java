package dev.slipway.workspace.checkout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session's branch.
 *
 * @param repositoryId whose cache it is in; null until it is made
 * @param baseRef what it was asked to start from; null for the workspace's current commit
 * @param state {@code preparing}, {@code ready}, {@code failed} or {@code removing}
 * @param baseCommit where it starts; there when ready
 * @param headCommit its newest commit that was announced; there when ready
 * @param lineBase where the sandbox's own line starts, if the session was rebased; null if not
 * @param lineHead up to where that line is in the rebased one; null if not rebased
 * @param applied what of it the workspace has; null if nothing
 */
public record Checkout(
        String sessionId,
        String projectId,
        String workspaceId,
        @Nullable String repositoryId,
        @Nullable String baseRef,
        String state,
        @Nullable String reason,
        @Nullable String baseCommit,
        @Nullable String headCommit,
        @Nullable String lineBase,
        @Nullable String lineHead,
        @Nullable Applied applied,
        Instant createdAt) {

    /**
     * What of a session's work the workspace has.
     *
     * @param tree as a tree: the base with the parts that were applied
     * @param commit the workspace's commit that brought the last of it
     * @param branch the workspace's branch that it is on
     * @param head the session's commit that it was taken from
     */
    public record Applied(String tree, String commit, String branch, String head) {}

    /** Whether the branch is there. */
    public boolean isReady() {
        return state.equals("ready");
    }
}
