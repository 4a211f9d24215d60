package dev.slipway.session.turn;

import dev.slipway.contracts.agent.TurnRequest;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.lifecycle.SessionSettings;
import dev.slipway.session.lifecycle.SessionState;
import dev.slipway.session.lifecycle.Transitions;
import dev.slipway.session.message.Conversation;
import dev.slipway.session.message.MessageRepository;
import dev.slipway.session.store.Json;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the next turn of a session to its agent. The job's key is the session, its payload the project. The agent knows a
 * turn by its id, so giving it twice does no harm; it goes on until the agent has it or the turn's deadline ends it.
 */
@Singleton
public class TurnDispatcher implements JobHandler {
    /** The job's kind. */
    public static final String KIND = "turn-dispatch";

    private static final Logger LOG = LoggerFactory.getLogger(TurnDispatcher.class);
    /** 428, Precondition Required. */
    private static final int HISTORY_WANTED = 428;

    private static final Duration AGAIN = Duration.ofMillis(500);

    private final SessionRepository sessions;
    private final TurnRepository turns;
    private final Transitions transitions;
    private final SessionSettings settings;
    private final Agents agents;
    private final MessageRepository messages;
    private final Conversation conversation;
    private final Json json;

    TurnDispatcher(
            SessionRepository sessions,
            TurnRepository turns,
            Transitions transitions,
            SessionSettings settings,
            Agents agents,
            MessageRepository messages,
            Conversation conversation,
            Json json) {
        this.sessions = sessions;
        this.turns = turns;
        this.transitions = transitions;
        this.settings = settings;
        this.agents = agents;
        this.messages = messages;
        this.conversation = conversation;
        this.json = json;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) {
        Optional<Turn> due = take(job.payload(), job.key());
        if (due.isEmpty()) {
            return;
        }
        Turn turn = due.get();
        try {
            give(turn);
        } catch (UpstreamUnavailableException | UpstreamProblemException e) {
            LOG.atInfo()
                    .addKeyValue("sessionId", turn.sessionId())
                    .addKeyValue("turnId", turn.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("agent did not take the turn, will try again");
            throw new RetryLaterException(AGAIN);
        }
    }

    /** An agent that does not know what was said before says so, and is told. */
    private void give(Turn turn) {
        TurnRequest request = request(turn);
        try {
            agents.begin(turn.projectId(), turn.sessionId(), request);
        } catch (UpstreamProblemException e) {
            if (e.status() != HISTORY_WANTED || request.history() != null) {
                throw e;
            }
            Set<String> waiting = turns.findOpen(turn.sessionId()).stream()
                    .map(Turn::userMessageId)
                    .collect(Collectors.toSet());
            String history = conversation.told(turn.sessionId(), waiting);
            LOG.atInfo()
                    .addKeyValue("sessionId", turn.sessionId())
                    .addKeyValue("characters", history.length())
                    .log("agent is told the conversation anew");
            agents.begin(turn.projectId(), turn.sessionId(), request.withHistory(history));
        }
    }

    private TurnRequest request(Turn turn) {
        return new TurnRequest(
                turn.id(),
                json.objects(turn.prompt()),
                turn.model(),
                turn.mode(),
                turn.reasoning(),
                sessions.find(turn.projectId(), turn.sessionId())
                        .map(Session::permissions)
                        .orElse(null),
                messages.hasAnswer(turn.sessionId()),
                null);
    }

    /** The turn that the agent should have now: the one that it was not seen to begin, or the next if it is free. */
    @Transactional
    Optional<Turn> take(String projectId, String sessionId) {
        return sessions.lock(projectId, sessionId).flatMap(session -> switch (session.state()) {
            case SessionState.Ready ready -> {
                Optional<Turn> next = turns.findOpen(sessionId).stream()
                        .filter(turn -> turn.phase() == Turn.Phase.QUEUED)
                        .findFirst();
                next.ifPresent(turn -> {
                    messages.moveToEnd(sessionId, turn.userMessageId());
                    turns.savePhase(turn.id(), Turn.Phase.DISPATCHED, settings.dispatchTimeout());
                    transitions.enter(session, ready.turnStarted(turn.id()));
                });
                yield next;
            }
            case SessionState.Running(String turnId) ->
                turns.find(sessionId, turnId).filter(turn -> turn.phase() == Turn.Phase.DISPATCHED);
            case SessionState.Preparing _,
                    SessionState.Stopped _,
                    SessionState.Failed _,
                    SessionState.Removing _,
                    SessionState.Removed _ -> Optional.empty();
        });
    }
}
