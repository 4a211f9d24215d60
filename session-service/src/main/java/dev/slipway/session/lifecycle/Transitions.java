package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.SessionEvent.SessionRemoved;
import dev.slipway.contracts.session.SessionEvent.SessionStatusChanged;
import dev.slipway.kit.outbox.Outbox;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes a session's next state with its event, in the transaction at hand, on a session whose row is locked. */
@Singleton
public class Transitions {
    private final SessionRepository sessions;
    private final Outbox outbox;
    private final SessionSettings settings;

    Transitions(SessionRepository sessions, Outbox outbox, SessionSettings settings) {
        this.sessions = sessions;
        this.outbox = outbox;
        this.settings = settings;
    }

    /** Enters a state that needs no explanation. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Session enter(Session session, SessionState next) {
        return enter(session, next, StatusDetail.NONE);
    }

    /** Enters a state; gives the session as it is then. Entering the same again writes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Session enter(Session session, SessionState next, StatusDetail detail) {
        if (next.equals(session.state()) && detail.equals(session.detail())) {
            return session;
        }
        sessions.saveState(session.id(), next, detail, deadline(next));
        announce(session, next, detail);
        if (next instanceof SessionState.Removed) {
            outbox.append(session.projectId(), session.id(), new SessionRemoved(session.id(), session.workspaceId()));
            sessions.delete(session.id());
            return session;
        }
        return sessions.lock(session.id()).orElseThrow();
    }

    /** Says where a session is, which others show. */
    void announce(Session session, SessionState state, StatusDetail detail) {
        outbox.append(
                session.projectId(),
                session.id(),
                new SessionStatusChanged(
                        session.id(),
                        session.workspaceId(),
                        session.shownName(),
                        state.status(),
                        detail.phase(),
                        detail.progress(),
                        detail.message(),
                        state instanceof SessionState.Failed failed ? failed.reason() : null));
    }

    private @Nullable Duration deadline(SessionState state) {
        return switch (state) {
            case SessionState.Preparing _ -> settings.progressTimeout();
            case SessionState.Removing _ -> settings.removalTimeout();
            case SessionState.Ready _,
                    SessionState.Running _,
                    SessionState.Stopped _,
                    SessionState.Failed _,
                    SessionState.Removed _ -> null;
        };
    }
}
