package dev.slipway.contracts.session;

import dev.slipway.contracts.event.EventType;
import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** What became of sessions and their turns. */
public sealed interface SessionEvent extends LifecycleEvent {
    /** A session was made; workspace-service is to prepare its branch from {@code baseRef}, or from the workspace's current commit. */
    @Serdeable
    @EventType("session.requested.v1")
    record SessionRequested(
            String sessionId, String workspaceId, @Nullable String baseRef, String userId) implements SessionEvent {}

    /** What container-service is to bring about. The highest generation of a session counts; an older one that comes late is ignored. {@code spec} is there when {@code desired} is {@code RUNNING}. */
    @Serdeable
    @EventType("session.sandbox.wanted.v1")
    record SandboxWanted(
            String sessionId,
            String workspaceId,
            long generation,
            Desired desired,
            @Nullable SandboxSpec spec) implements SessionEvent {}

    /** A session's status or the progress within it changed; {@code progress} is a percentage. */
    @Serdeable
    @EventType("session.status.changed.v1")
    record SessionStatusChanged(
            String sessionId,
            String workspaceId,
            String name,
            String status,
            @Nullable String phase,
            @Nullable Integer progress,
            @Nullable String message,
            @Nullable String errorMessage)
            implements SessionEvent {}

    /** A user's message was accepted, or an agent's is complete. */
    @Serdeable
    @EventType("session.message.added.v1")
    record MessageAdded(String sessionId, String messageId, String role) implements SessionEvent {}

    /** A turn came to its one end; {@code outcome} is {@code finished}, {@code aborted} or {@code failed}, {@code commit} its checkpoint. */
    @Serdeable
    @EventType("session.turn.finished.v1")
    record TurnFinished(
            String sessionId,
            String turnId,
            String outcome,
            @Nullable String commit,
            long inputTokens,
            long outputTokens)
            implements SessionEvent {}

    /** The agent waits for somebody's answer. */
    @Serdeable
    @EventType("session.permission.requested.v1")
    record PermissionRequested(String sessionId, String requestId, String title) implements SessionEvent {}

    /** Somebody answered, or the request expired. */
    @Serdeable
    @EventType("session.permission.resolved.v1")
    record PermissionResolved(
            String sessionId, String requestId, @Nullable String optionId, String by) implements SessionEvent {}

    /** Messages that wait for their turn were added, edited, put in another order or removed; {@code waiting} is how many there are now. */
    @Serdeable
    @EventType("session.queue.changed.v1")
    record QueueChanged(String sessionId, int waiting) implements SessionEvent {}

    /** A task came to its end; {@code status} is {@code completed}, {@code failed} or {@code cancelled}. */
    @Serdeable
    @EventType("session.job.completed.v1")
    record JobCompleted(String jobId, String kind, String sessionId, String status) implements SessionEvent {}

    /** An agent's configuration was made, changed or deleted. */
    @Serdeable
    @EventType("session.agent.changed.v1")
    record AgentChanged(String agentId, String action) implements SessionEvent {}

    /** A session and all that belonged to it is gone. */
    @Serdeable
    @EventType("session.removed.v1")
    record SessionRemoved(String sessionId, String workspaceId) implements SessionEvent {}
}
