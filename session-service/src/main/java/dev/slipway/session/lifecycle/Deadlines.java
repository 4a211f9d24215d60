package dev.slipway.session.lifecycle;

import dev.slipway.session.loop.Loop;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that no session waits for ever. One on its way to ready fails with a sentence; one that is being removed is
 * gone, since the wish for that is on the log and container-service removes sandboxes that have no session.
 */
@Singleton
class Deadlines implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final int AT_ONCE = 50;

    private final SessionRepository sessions;
    private final Transitions transitions;
    private final OpenTurns turns;

    Deadlines(SessionRepository sessions, Transitions transitions, OpenTurns turns) {
        this.sessions = sessions;
        this.transitions = transitions;
        this.turns = turns;
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void look() {
        sessions.findOverdue(AT_ONCE).forEach(this::settle);
    }

    @Transactional
    void settle(String id) {
        sessions.lockOverdue(id).ifPresent(session -> {
            switch (session.state()) {
                case SessionState.Preparing(Step step) -> {
                    String reason = "The session made no progress for too long while " + step.inWords()
                            + ". Restart it, or look at the status page.";
                    turns.failAll(session, reason);
                    transitions.enter(session, session.state().failed(reason));
                }
                case SessionState.Removing removing -> {
                    LOG.atWarn().addKeyValue("sessionId", id).log("removal was not confirmed in time, session is gone");
                    transitions.enter(session, removing.removed());
                }
                case SessionState.Ready _,
                        SessionState.Running _,
                        SessionState.Stopped _,
                        SessionState.Failed _,
                        SessionState.Removed _ -> {
                    // It got on while we looked.
                }
            }
        });
    }
}
