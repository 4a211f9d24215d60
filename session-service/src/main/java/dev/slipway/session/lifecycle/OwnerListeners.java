package dev.slipway.session.lifecycle;

import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.contracts.gateway.ProjectEvent.LimitsChanged;
import dev.slipway.contracts.gateway.ProjectEvent.ProjectDeletionRequested;
import dev.slipway.contracts.mitm.EgressEvent.UsageMetered;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckpointPushed;
import dev.slipway.contracts.workspace.WorkspaceEvent.SessionApplied;
import dev.slipway.contracts.workspace.WorkspaceEvent.WorkspaceRemoved;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import dev.slipway.session.agent.AgentService;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.function.BiConsumer;

/** What follows for sessions from what becomes of their project, their workspace and their branch. */
@Factory
class OwnerListeners {
    @Singleton
    @Named("project-deletion")
    EventHandler<ProjectDeletionRequested> projectDeleted(
            SessionRepository sessions, SessionService service, AgentService agents, ProjectBounds bounds) {
        return new Listener<>(ProjectDeletionRequested.class, (envelope, event) -> {
            sessions.ids(envelope.projectId(), null).forEach(id -> service.remove(envelope.projectId(), id, null));
            agents.deleteAll(envelope.projectId());
            bounds.forget(envelope.projectId());
        });
    }

    @Singleton
    @Named("workspace-removed")
    EventHandler<WorkspaceRemoved> workspaceRemoved(
            SessionRepository sessions, SessionService service, ProjectBounds bounds) {
        return new Listener<>(WorkspaceRemoved.class, (envelope, event) -> {
            sessions.ids(envelope.projectId(), event.workspaceId())
                    .forEach(id -> service.remove(envelope.projectId(), id, null));
            bounds.forgetWorkspace(envelope.projectId(), event.workspaceId());
        });
    }

    @Singleton
    @Named("checkpoint-pushed")
    EventHandler<CheckpointPushed> checkpoint(SessionRepository sessions) {
        return new Listener<>(
                CheckpointPushed.class,
                (envelope, event) -> sessions.lock(envelope.projectId(), event.sessionId())
                        .ifPresent(session -> sessions.saveHead(session.id(), event.commit())));
    }

    @Singleton
    @Named("session-applied")
    EventHandler<SessionApplied> applied(SessionRepository sessions) {
        return new Listener<>(
                SessionApplied.class,
                (envelope, event) -> sessions.lock(envelope.projectId(), event.sessionId())
                        .ifPresent(session -> sessions.saveApplied(session.id(), event.commit())));
    }

    @Singleton
    @Named("project-limits")
    EventHandler<LimitsChanged> limits(ProjectBounds bounds) {
        return new Listener<>(
                LimitsChanged.class, (envelope, event) -> bounds.save(envelope.projectId(), event.limits()));
    }

    @Singleton
    @Named("usage-metered")
    EventHandler<UsageMetered> metered(SessionRepository sessions) {
        return new Listener<>(
                UsageMetered.class,
                (envelope, event) -> sessions.lock(envelope.projectId(), event.sessionId())
                        .ifPresent(session -> sessions.meter(
                                session.id(),
                                event.id(),
                                event.usage().inputTokens(),
                                event.usage().outputTokens(),
                                Objects.requireNonNullElse(event.usage().costUsd(), 0.0))));
    }

    private record Listener<E extends LifecycleEvent>(Class<E> eventType, BiConsumer<EventEnvelope, E> effect)
            implements EventHandler<E> {
        @Override
        public void handle(EventEnvelope envelope, E event) {
            effect.accept(envelope, event);
        }
    }
}
