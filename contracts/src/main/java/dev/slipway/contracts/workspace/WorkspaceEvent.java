package dev.slipway.contracts.workspace;

import dev.slipway.contracts.event.EventType;
import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** What became of workspaces and of sessions' branches in them. */
public sealed interface WorkspaceEvent extends LifecycleEvent {
    /** A workspace was made or its status, progress (percent) or current commit changed. */
    @Serdeable
    @EventType("workspace.changed.v1")
    record WorkspaceChanged(
            String workspaceId,
            String status,
            @Nullable Integer progress,
            @Nullable String commit,
            @Nullable String errorMessage)
            implements WorkspaceEvent {}

    /** The session's branch exists and may be cloned. */
    @Serdeable
    @EventType("workspace.checkout.prepared.v1")
    record CheckoutPrepared(String sessionId, String workspaceId, String branch, String baseCommit)
            implements WorkspaceEvent {}

    /** The session's branch could not be made; {@code reason} says why and what to do. */
    @Serdeable
    @EventType("workspace.checkout.failed.v1")
    record CheckoutFailed(String sessionId, String workspaceId, String reason) implements WorkspaceEvent {}

    /** The sandbox pushed new commits to its session's branch. */
    @Serdeable
    @EventType("workspace.checkpoint.pushed.v1")
    record CheckpointPushed(String sessionId, String workspaceId, String branch, String commit)
            implements WorkspaceEvent {}

    /** A session's work is on a branch of the workspace. */
    @Serdeable
    @EventType("workspace.session.applied.v1")
    record SessionApplied(String sessionId, String workspaceId, String branch, String commit)
            implements WorkspaceEvent {}

    /** A workspace and its files are gone. */
    @Serdeable
    @EventType("workspace.removed.v1")
    record WorkspaceRemoved(String workspaceId) implements WorkspaceEvent {}
}
