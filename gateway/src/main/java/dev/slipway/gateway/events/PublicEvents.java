package dev.slipway.gateway.events;

import java.util.Map;

/** Which lifecycle events clients see, and by which name. What is not here is talk between services. */
final class PublicEvents {
    static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("dev.slipway.session.status.changed.v1", "session_updated"),
            Map.entry("dev.slipway.session.removed.v1", "session_removed"),
            Map.entry("dev.slipway.session.message.added.v1", "message_added"),
            Map.entry("dev.slipway.session.turn.finished.v1", "turn_finished"),
            Map.entry("dev.slipway.session.permission.requested.v1", "permission_requested"),
            Map.entry("dev.slipway.session.permission.resolved.v1", "permission_resolved"),
            Map.entry("dev.slipway.session.queue.changed.v1", "queue_updated"),
            Map.entry("dev.slipway.session.job.completed.v1", "job_completed"),
            Map.entry("dev.slipway.session.agent.changed.v1", "agent_updated"),
            Map.entry("dev.slipway.workspace.changed.v1", "workspace_updated"),
            Map.entry("dev.slipway.workspace.removed.v1", "workspace_removed"),
            Map.entry("dev.slipway.workspace.checkpoint.pushed.v1", "checkpoint_pushed"),
            Map.entry("dev.slipway.workspace.session.applied.v1", "session_applied"),
            Map.entry("dev.slipway.egress.blocked.v1", "egress_blocked"),
            Map.entry("dev.slipway.credential.changed.v1", "credential_updated"),
            Map.entry("dev.slipway.project.changed.v1", "project_updated"),
            Map.entry("dev.slipway.project.deletion.requested.v1", "project_removed"),
            Map.entry("dev.slipway.project.member.changed.v1", "member_updated"));

    private PublicEvents() {}

    /** What kind of resource an event is about: the first word of its name. */
    static String resourceOf(String name) {
        return switch (name) {
            case "message_added",
                    "turn_finished",
                    "queue_updated",
                    "permission_requested",
                    "permission_resolved",
                    "checkpoint_pushed",
                    "egress_blocked" -> "session";
            default -> name.substring(0, name.indexOf('_'));
        };
    }
}
