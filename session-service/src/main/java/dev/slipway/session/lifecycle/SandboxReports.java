package dev.slipway.session.lifecycle;

import dev.slipway.contracts.container.SandboxEvent.SandboxFailed;
import dev.slipway.contracts.container.SandboxEvent.SandboxImageOutdated;
import dev.slipway.contracts.container.SandboxEvent.SandboxProgress;
import dev.slipway.contracts.container.SandboxEvent.SandboxReady;
import dev.slipway.contracts.container.SandboxEvent.SandboxRemoved;
import dev.slipway.contracts.container.SandboxEvent.SandboxStopped;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutFailed;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutPrepared;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * What follows for a session from what the other services report of its branch and its sandbox. A report on an older wish
 * than the newest is ignored: it tells of a sandbox that nobody wants like that any more.
 */
@Singleton
class SandboxReports {
    private final SessionRepository sessions;
    private final Transitions transitions;
    private final SandboxWishes wishes;
    private final SessionService service;
    private final OpenTurns turns;

    SandboxReports(
            SessionRepository sessions,
            Transitions transitions,
            SandboxWishes wishes,
            SessionService service,
            OpenTurns turns) {
        this.sessions = sessions;
        this.transitions = transitions;
        this.wishes = wishes;
        this.service = service;
        this.turns = turns;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void checkoutPrepared(CheckoutPrepared event) {
        Session session = sessions.lock(event.sessionId()).orElse(null);
        if (session == null || session.source().branch() != null) {
            return;
        }
        sessions.saveCheckout(session.id(), event.branch(), event.baseCommit());
        if (session.state() instanceof SessionState.Preparing preparing) {
            Session cloning = transitions.enter(
                    session, preparing.reached(Step.CLONING), StatusDetail.of("requested", "Waiting for the sandbox."));
            wishes.running(sessions.lock(cloning.id()).orElseThrow());
        }
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void checkoutFailed(CheckoutFailed event) {
        sessions.lock(event.sessionId())
                .filter(session -> session.state() instanceof SessionState.Preparing
                        && session.source().branch() == null)
                .ifPresent(session -> fail(session, event.reason()));
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void progress(SandboxProgress event) {
        current(event.sessionId(), event.generation()).ifPresent(session -> {
            if (session.state() instanceof SessionState.Preparing preparing) {
                transitions.enter(
                        session,
                        preparing.reached(Step.ofPhase(event.phase())),
                        new StatusDetail(event.phase(), event.progress(), event.message()));
            }
        });
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void ready(SandboxReady event) {
        current(event.sessionId(), event.generation()).ifPresent(session -> {
            sessions.saveSandbox(session.id(), event.image(), event.imageDigest());
            Optional<SessionState.Ready> next = switch (session.state()) {
                case SessionState.Preparing preparing -> Optional.of(preparing.sandboxReady());
                case SessionState.Failed failed -> Optional.of(failed.sandboxReady());
                case SessionState.Ready _,
                        SessionState.Running _,
                        SessionState.Stopped _,
                        SessionState.Removing _,
                        SessionState.Removed _ -> Optional.empty();
            };
            next.ifPresent(ready -> turns.next(transitions.enter(session, ready)));
        });
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void stopped(SandboxStopped event) {
        current(event.sessionId(), event.generation()).ifPresent(session -> {
            if (session.state() instanceof SessionState.Stoppable stoppable) {
                boolean waiting = turns.interrupt(
                        session, "The sandbox stopped during the turn. Send the message again to start it anew.");
                Session stopped = transitions.enter(session, stoppable.stopped());
                if (waiting && stopped.state() instanceof SessionState.Wakeable wakeable) {
                    service.wake(stopped, wakeable);
                }
            }
        });
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void failed(SandboxFailed event) {
        current(event.sessionId(), event.generation()).ifPresent(session -> {
            if (session.state() instanceof SessionState.Stoppable) {
                fail(session, event.reason());
            }
        });
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void removed(SandboxRemoved event) {
        current(event.sessionId(), event.generation()).ifPresent(session -> {
            switch (session.state()) {
                case SessionState.Removing removing -> transitions.enter(session, removing.removed());
                case SessionState.Preparing _, SessionState.Ready _, SessionState.Running _ ->
                    fail(session, "The sandbox was removed. Restart the session to get a new one.");
                case SessionState.Stopped _, SessionState.Failed _, SessionState.Removed _ -> {
                    // Nothing was running that anybody could miss.
                }
            }
        });
    }

    /** A warning about an image that the sandbox does not have any more changes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void outdated(SandboxImageOutdated event) {
        sessions.lock(event.sessionId())
                .filter(session -> event.imageDigest().equals(session.sandbox().imageDigest()))
                .ifPresent(session -> {
                    sessions.saveNewestImage(session.id(), event.newest());
                    transitions.announce(session, session.state(), session.detail());
                });
    }

    private void fail(Session session, String reason) {
        turns.failAll(session, reason);
        transitions.enter(session, session.state().failed(reason));
    }

    private Optional<Session> current(String sessionId, long generation) {
        return sessions.lock(sessionId).filter(session -> session.generation() == generation);
    }
}
