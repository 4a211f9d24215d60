package dev.slipway.contracts.gateway;

import dev.slipway.contracts.event.EventType;
import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** What became of projects and their members. */
public sealed interface ProjectEvent extends LifecycleEvent {
    /** A project was made or renamed. */
    @Serdeable
    @EventType("project.changed.v1")
    record ProjectChanged(String name) implements ProjectEvent {}

    /** A project's limits were set; they hold from now on, for sandboxes that already run from their next start. */
    @Serdeable
    @EventType("project.limits.changed.v1")
    record LimitsChanged(ProjectLimits limits) implements ProjectEvent {}

    /** All services are to remove what they keep of the project. */
    @Serdeable
    @EventType("project.deletion.requested.v1")
    record ProjectDeletionRequested(String requestedBy) implements ProjectEvent {}

    /** A member was added, removed or got another role; {@code role} is null when removed. */
    @Serdeable
    @EventType("project.member.changed.v1")
    record MemberChanged(String userId, @Nullable String role) implements ProjectEvent {}
}
