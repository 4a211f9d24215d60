package dev.slipway.session.turn;

import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks the agent to end a turn. The job's key is the turn, its payload the session. The end itself comes by the journal, or
 * from {@link TurnWatch} if the agent does not answer.
 */
@Singleton
public class TurnCanceller implements JobHandler {
    /** The job's kind. */
    public static final String KIND = "turn-cancel";

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final TurnRepository turns;
    private final Agents agents;

    TurnCanceller(TurnRepository turns, Agents agents) {
        this.turns = turns;
        this.agents = agents;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) {
        Optional<Turn> found = turns.find(job.payload(), job.key());
        if (found.isEmpty()) {
            return;
        }
        Turn turn = found.get();
        try {
            agents.cancel(turn.projectId(), turn.sessionId(), turn.id());
        } catch (UpstreamUnavailableException | UpstreamProblemException _) {
            // It may not have begun the turn yet, or be away; the turn's deadline ends the asking.
            if (!turn.isOver()) {
                throw new RetryLaterException(AGAIN);
            }
        }
    }
}
