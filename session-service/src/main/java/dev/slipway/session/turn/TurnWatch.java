package dev.slipway.session.turn;

import dev.slipway.kit.job.JobQueue;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.lifecycle.SessionState;
import dev.slipway.session.lifecycle.Transitions;
import dev.slipway.session.loop.Loop;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Sees to it that no turn waits for ever: not for an agent that is silent, nor for a job that was lost. */
@Singleton
public class TurnWatch implements Loop {
    private static final int AT_ONCE = 50;

    private final SessionRepository sessions;
    private final TurnRepository turns;
    private final TurnEndings endings;
    private final Transitions transitions;
    private final JobQueue jobs;

    TurnWatch(
            SessionRepository sessions,
            TurnRepository turns,
            TurnEndings endings,
            Transitions transitions,
            JobQueue jobs) {
        this.sessions = sessions;
        this.turns = turns;
        this.endings = endings;
        this.transitions = transitions;
        this.jobs = jobs;
    }

    @Override
    public Duration every() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void look() {
        turns.findOverdue(AT_ONCE).forEach(turn -> end(turn.sessionId(), turn.id()));
        turns.findWaitingOfReadySessions(AT_ONCE).forEach(this::dispatch);
    }

    @Transactional
    void dispatch(Turn turn) {
        jobs.add(TurnDispatcher.KIND, turn.sessionId(), turn.projectId());
    }

    @Transactional
    void end(String sessionId, String turnId) {
        Session session = sessions.lock(sessionId).orElse(null);
        Turn turn = turns.find(sessionId, turnId).orElse(null);
        if (session == null || turn == null || turn.isOver()) {
            return;
        }
        if (turn.cancelRequested()) {
            endings.abort(session, turn);
        } else {
            endings.fail(
                    session,
                    turn,
                    switch (turn.phase()) {
                        case DISPATCHED ->
                            "The agent did not take the message in time. Send it again, or restart the session.";
                        case QUEUED, STARTED, ENDED ->
                            "The agent was silent for too long, so the turn was ended. Send the message again, or restart the session.";
                    });
            jobs.add(TurnCanceller.KIND, turn.id(), sessionId);
        }
        if (session.state() instanceof SessionState.Running running
                && running.turnId().equals(turnId)) {
            Session ready = transitions.enter(session, running.turnEnded());
            endings.next(ready);
        }
    }
}
