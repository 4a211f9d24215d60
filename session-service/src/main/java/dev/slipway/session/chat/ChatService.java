package dev.slipway.session.chat;

import dev.slipway.contracts.session.SessionEvent.MessageAdded;
import dev.slipway.contracts.session.SessionEvent.QueueChanged;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.lifecycle.NewSession;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.lifecycle.SessionService;
import dev.slipway.session.lifecycle.SessionSettings;
import dev.slipway.session.lifecycle.SessionState;
import dev.slipway.session.message.MessageRepository;
import dev.slipway.session.store.Json;
import dev.slipway.session.transcript.Chunk;
import dev.slipway.session.turn.Turn;
import dev.slipway.session.turn.TurnCanceller;
import dev.slipway.session.turn.TurnDispatcher;
import dev.slipway.session.turn.TurnEndings;
import dev.slipway.session.turn.TurnRepository;
import dev.slipway.session.turn.TurnSignals;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes users' messages: each is stored with its turn in one transaction, and only then acknowledged. */
@Singleton
public class ChatService {
    private static final int OPEN_TURNS_MAX = 100;

    private final SessionService service;
    private final SessionRepository sessions;
    private final SessionSettings settings;
    private final MessageRepository messages;
    private final TurnRepository turns;
    private final TurnEndings endings;
    private final TurnSignals signals;
    private final Outbox outbox;
    private final JobQueue jobs;
    private final Json json;

    ChatService(
            SessionService service,
            SessionRepository sessions,
            SessionSettings settings,
            MessageRepository messages,
            TurnRepository turns,
            TurnEndings endings,
            TurnSignals signals,
            Outbox outbox,
            JobQueue jobs,
            Json json) {
        this.service = service;
        this.sessions = sessions;
        this.settings = settings;
        this.messages = messages;
        this.turns = turns;
        this.endings = endings;
        this.signals = signals;
        this.outbox = outbox;
        this.jobs = jobs;
        this.json = json;
    }

    /** Takes a message; makes the session if it is unknown and the request says where. Gives the message's turn. */
    Turn say(Caller caller, String projectId, ChatRequest request, boolean rejectIfRunning) {
        String sessionId = request.sessionId();
        UserMessage message = request.userMessage();
        if (sessions.find(projectId, sessionId).isEmpty()) {
            if (request.workspaceId() == null) {
                throw ProblemException.notFound("session");
            }
            service.create(
                    caller,
                    projectId,
                    NewSession.forChat(
                            sessionId, request.workspaceId(), request.agentId(), request.model(), request.mode()));
        } else if (request.isRegeneration()
                || turns.findByMessage(sessionId, message.id()).isEmpty()) {
            service.requireRoom(projectId, sessionId);
        }
        return take(projectId, sessionId, message, request, rejectIfRunning);
    }

    /** Says something in the name of a task to a session that is there; {@code id} is the message's. */
    @Transactional
    public Turn instruct(String projectId, String sessionId, String id, String text, @Nullable String model) {
        List<Map<String, Object>> parts = List.of(Chunk.of("text", "text", text));
        ChatRequest request = new ChatRequest(sessionId, null, null, null, null, null, null, model, null, null);
        return take(projectId, sessionId, new UserMessage(id, parts), request, false);
    }

    @Transactional
    Turn take(String projectId, String sessionId, UserMessage message, ChatRequest request, boolean rejectIfRunning) {
        Session session = sessions.lock(projectId, sessionId).orElseThrow(() -> ProblemException.notFound("session"));
        Optional<Turn> known = turns.findByMessage(sessionId, message.id());
        if (known.isPresent() && (!request.isRegeneration() || !known.get().isOver())) {
            return known.get();
        }
        List<Turn> before = turns.findOpen(sessionId);
        check(session, before, rejectIfRunning);
        Turn turn = queue(session, message, request, before);
        known.ifPresent(earlier -> messages.delete(sessionId, earlier.assistantMessageId()));
        if (known.isEmpty()) {
            messages.insert(sessionId, message.id(), "user", message.parts(), Map.of());
            outbox.append(projectId, sessionId, new MessageAdded(sessionId, message.id(), "user"));
            String name = message.asName();
            if (name != null) {
                sessions.nameOnce(sessionId, name);
            }
        }
        getGoing(session);
        return turn;
    }

    private static void check(Session session, List<Turn> before, boolean rejectIfRunning) {
        if (session.state() instanceof SessionState.Removing) {
            throw ProblemException.conflict("session-removing", "The session is being removed.");
        }
        if (rejectIfRunning && !before.isEmpty()) {
            throw ProblemException.conflict(
                    "turn-running", "A turn is running. Wait for its end, cancel it, or leave out ifRunning=reject.");
        }
        if (before.size() >= OPEN_TURNS_MAX) {
            throw ProblemException.conflict(
                    "queue-full",
                    before.size() + " messages wait already (expected: fewer than " + OPEN_TURNS_MAX + ").");
        }
    }

    private Turn queue(Session session, UserMessage message, ChatRequest request, List<Turn> before) {
        Turn turn = new Turn(
                Ids.text(),
                session.id(),
                session.projectId(),
                message.id(),
                Ids.text(),
                json.write(message.prompt()),
                request.model(),
                request.mode(),
                request.reasoning(),
                Turn.Phase.QUEUED,
                0,
                false,
                Instant.EPOCH);
        turns.insert(turn, turns.runs(session.id(), message.id()));
        List<Map<String, Object>> first = new ArrayList<>();
        first.add(Chunk.of(
                "start",
                "messageId",
                turn.assistantMessageId(),
                "messageMetadata",
                Chunk.object("turnId", turn.id(), "userMessageId", message.id())));
        if (!before.isEmpty()) {
            first.add(Chunk.of(
                    "data-queued",
                    "data",
                    Chunk.object("turnId", turn.id(), "userMessageId", message.id(), "position", before.size()),
                    "transient",
                    true));
        }
        turns.append(turn.id(), first);
        if (!before.isEmpty()) {
            outbox.append(session.projectId(), session.id(), new QueueChanged(session.id(), before.size()));
        }
        return turn;
    }

    private void getGoing(Session session) {
        switch (session.state()) {
            case SessionState.Ready _ -> jobs.add(TurnDispatcher.KIND, session.id(), session.projectId());
            case SessionState.Stopped stopped -> service.wake(session, stopped);
            case SessionState.Failed failed -> service.wake(session, failed);
            case SessionState.Preparing _, SessionState.Running _, SessionState.Removing _, SessionState.Removed _ -> {
                // Turns go in order as soon as the session is ready for the next.
            }
        }
    }

    /** The turn that somebody who opens the chat wants to see: the running one, or the next. */
    Optional<Turn> current(String projectId, String sessionId) {
        return sessions.find(projectId, sessionId)
                .flatMap(session -> turns.findOpen(session.id()).stream().findFirst());
    }

    /** A turn that a viewer was watching; nothing if the session never had it. */
    Optional<Turn> watched(String projectId, String sessionId, String turnId) {
        return sessions.find(projectId, sessionId).flatMap(session -> turns.find(session.id(), turnId));
    }

    /** Ends the running turn, or the next one if none runs, or the one that is named; 409 if there is none. */
    @Transactional
    public Turn cancel(String projectId, String sessionId, @Nullable String turnId) {
        Session session = sessions.lock(projectId, sessionId).orElseThrow(() -> ProblemException.notFound("session"));
        Turn turn = turns.findOpen(sessionId).stream()
                .filter(open -> turnId == null || open.id().equals(turnId))
                .findFirst()
                .orElseThrow(() -> ProblemException.conflict("nothing-running", "There is no turn to cancel."));
        if (turn.phase() == Turn.Phase.QUEUED) {
            endings.abort(session, turn);
        } else {
            turns.saveCancel(turn.id(), settings.cancelTimeout());
            jobs.add(TurnCanceller.KIND, turn.id(), sessionId);
        }
        signals.changed(turn.id());
        return turn;
    }
}
