package dev.slipway.session.chat;

import dev.slipway.contracts.session.SessionEvent.QueueChanged;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.message.MessageRepository;
import dev.slipway.session.store.Json;
import dev.slipway.session.turn.Turn;
import dev.slipway.session.turn.TurnEndings;
import dev.slipway.session.turn.TurnRepository;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What can be done with messages that wait. Each change locks the session's row, as the handing over of a turn to the agent
 * does: a message is changed before it goes to the agent or not at all.
 */
@Singleton
class QueueService {
    private final SessionRepository sessions;
    private final MessageRepository messages;
    private final TurnRepository turns;
    private final TurnEndings endings;
    private final Outbox outbox;
    private final Json json;

    QueueService(
            SessionRepository sessions,
            MessageRepository messages,
            TurnRepository turns,
            TurnEndings endings,
            Outbox outbox,
            Json json) {
        this.sessions = sessions;
        this.messages = messages;
        this.turns = turns;
        this.endings = endings;
        this.outbox = outbox;
        this.json = json;
    }

    /** A turn that waits, its place from 1 and its message. */
    record Waiting(Turn turn, int position, List<Map<String, Object>> parts) {}

    @Transactional
    List<Waiting> list(String projectId, String sessionId) {
        return waiting(sessions.find(projectId, sessionId).orElseThrow(() -> ProblemException.notFound("session")));
    }

    /** Says something else; 409 if the agent has the message already. */
    @Transactional
    List<Waiting> edit(String projectId, String sessionId, String turnId, QueueController.Edit edit) {
        Session session = locked(projectId, sessionId);
        Turn turn = waitingTurn(session, turnId);
        List<Map<String, Object>> parts = edit.parts();
        String prompt = turn.prompt();
        if (parts != null) {
            UserMessage message = new UserMessage(turn.userMessageId(), parts);
            prompt = json.write(message.prompt());
            messages.insert(sessionId, message.id(), "user", message.parts(), Map.of());
        }
        turns.saveWish(turnId, prompt, edit.model(), edit.mode(), edit.reasoning());
        return changed(session);
    }

    /** Takes a message back as if it had not been sent; who watches its turn sees it aborted. */
    @Transactional
    List<Waiting> remove(String projectId, String sessionId, String turnId) {
        Session session = locked(projectId, sessionId);
        Turn turn = waitingTurn(session, turnId);
        endings.abort(session, turn);
        messages.delete(sessionId, turn.userMessageId());
        return changed(session);
    }

    /** Puts the messages in another order; 409 if others wait than the caller thought. */
    @Transactional
    List<Waiting> reorder(String projectId, String sessionId, List<String> order) {
        Session session = locked(projectId, sessionId);
        List<String> there = queued(session).stream().map(Turn::id).toList();
        if (order.size() != there.size() || !new HashSet<>(order).equals(new HashSet<>(there))) {
            throw ProblemException.conflict(
                    "queue-changed", "These turns wait now: " + there + ". Read the queue again and name all of them.");
        }
        turns.saveOrder(sessionId, order);
        return changed(session);
    }

    private List<Waiting> changed(Session session) {
        List<Waiting> waiting = waiting(session);
        outbox.append(session.projectId(), session.id(), new QueueChanged(session.id(), waiting.size()));
        return waiting;
    }

    private List<Waiting> waiting(Session session) {
        List<Waiting> waiting = new ArrayList<>();
        for (Turn turn : queued(session)) {
            List<Map<String, Object>> parts =
                    messages.partsOf(session.id(), turn.userMessageId()).orElse(List.of());
            waiting.add(new Waiting(turn, waiting.size() + 1, parts));
        }
        return waiting;
    }

    private List<Turn> queued(Session session) {
        return turns.findOpen(session.id()).stream()
                .filter(turn -> turn.phase() == Turn.Phase.QUEUED)
                .toList();
    }

    private Turn waitingTurn(Session session, String turnId) {
        Turn turn = turns.find(session.id(), turnId).orElseThrow(() -> ProblemException.notFound("turn"));
        if (turn.phase() != Turn.Phase.QUEUED) {
            throw ProblemException.conflict(
                    "not-queued", "The agent has this message already. Cancel its turn, or send another message.");
        }
        return turn;
    }

    private Session locked(String projectId, String sessionId) {
        return sessions.lock(projectId, sessionId).orElseThrow(() -> ProblemException.notFound("session"));
    }
}
