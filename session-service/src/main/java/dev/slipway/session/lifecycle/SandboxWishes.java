package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxSpec;
import dev.slipway.contracts.session.SessionEvent.SandboxWanted;
import dev.slipway.contracts.session.SessionEvent.SessionRequested;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.session.agent.AgentService;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Objects;

/** Says what is wanted of a session's sandbox and branch: a row with a generation, and the event that tells of it. */
@Singleton
class SandboxWishes {
    private final SessionRepository sessions;
    private final AgentService agents;
    private final ProjectBounds bounds;
    private final Outbox outbox;

    SandboxWishes(SessionRepository sessions, AgentService agents, ProjectBounds bounds, Outbox outbox) {
        this.sessions = sessions;
        this.agents = agents;
        this.bounds = bounds;
        this.outbox = outbox;
    }

    /** Asks for the session's branch. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void branch(Session session) {
        outbox.append(
                session.projectId(),
                session.id(),
                new SessionRequested(
                        session.id(),
                        session.workspaceId(),
                        session.source().baseRef(),
                        session.owner().userId()));
    }

    /** Asks for a sandbox that runs; the branch exists. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void running(Session session) {
        say(session, sessions.saveWish(session.id(), Desired.RUNNING), Desired.RUNNING);
    }

    /** Asks that the container is stopped and its volume kept. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void stopped(Session session) {
        say(session, sessions.saveWish(session.id(), Desired.STOPPED), Desired.STOPPED);
    }

    /** Asks that nothing remains. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void removed(Session session) {
        say(session, sessions.saveWish(session.id(), Desired.REMOVED), Desired.REMOVED);
    }

    private void say(Session session, long generation, Desired desired) {
        outbox.append(
                session.projectId(),
                session.id(),
                new SandboxWanted(
                        session.id(),
                        session.workspaceId(),
                        generation,
                        desired,
                        desired == Desired.RUNNING ? specification(session) : null));
    }

    private SandboxSpec specification(Session session) {
        return new SandboxSpec(
                session.image(),
                agents.specification(
                        session.projectId(), session.agentId(), session.model(), session.mode(), session.permissions()),
                Objects.requireNonNull(session.source().branch(), "a sandbox is wanted before its branch exists"),
                Objects.requireNonNull(session.source().baseCommit(), "a branch without a base"),
                bounds.within(session.projectId(), session.workspaceId(), session.limits()),
                session.env(),
                session.owner().userId(),
                session.owner().authorName(),
                session.owner().authorEmail());
    }
}
