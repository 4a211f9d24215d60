package dev.slipway.session.turn;

import dev.slipway.contracts.session.SessionEvent.MessageAdded;
import dev.slipway.contracts.session.SessionEvent.TurnFinished;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.session.lifecycle.OpenTurns;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.message.MessageRepository;
import dev.slipway.session.permission.PermissionRepository;
import dev.slipway.session.store.Json;
import dev.slipway.session.transcript.JournalRepository;
import dev.slipway.session.transcript.MessageFold;
import dev.slipway.session.transcript.Translator;
import dev.slipway.session.transcript.TurnSummary;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Brings turns to their one end, in the transaction at hand, with the session's row locked: the last chunks, the folded
 * message, what was used, and the events that say so.
 */
@Singleton
public class TurnEndings implements OpenTurns {
    private static final int CHUNKS_AT_ONCE = 1_000;

    private final TurnRepository turns;
    private final TurnSignals signals;
    private final JournalRepository journal;
    private final MessageRepository messages;
    private final PermissionRepository permissions;
    private final SessionRepository sessions;
    private final List<TurnListener> listeners;
    private final Outbox outbox;
    private final JobQueue jobs;
    private final Json json;

    TurnEndings(
            TurnRepository turns,
            TurnSignals signals,
            JournalRepository journal,
            MessageRepository messages,
            PermissionRepository permissions,
            SessionRepository sessions,
            List<TurnListener> listeners,
            Outbox outbox,
            JobQueue jobs,
            Json json) {
        this.turns = turns;
        this.signals = signals;
        this.journal = journal;
        this.messages = messages;
        this.permissions = permissions;
        this.sessions = sessions;
        this.listeners = List.copyOf(listeners);
        this.outbox = outbox;
        this.jobs = jobs;
        this.json = json;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean any(Session session) {
        return !turns.findOpen(session.id()).isEmpty();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void abortAll(Session session) {
        turns.findOpen(session.id()).forEach(turn -> abort(session, turn));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void failAll(Session session, String why) {
        turns.findOpen(session.id()).forEach(turn -> fail(session, turn, why));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void next(Session session) {
        if (!turns.findOpen(session.id()).isEmpty()) {
            jobs.add(TurnDispatcher.KIND, session.id(), session.projectId());
        }
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean interrupt(Session session, String why) {
        for (Turn turn : turns.findOpen(session.id())) {
            if (turn.phase() == Turn.Phase.STARTED) {
                fail(session, turn, why);
            } else if (turn.phase() == Turn.Phase.DISPATCHED) {
                turns.savePhase(turn.id(), Turn.Phase.QUEUED, null);
            }
        }
        return !turns.findOpen(session.id()).isEmpty();
    }

    /** Ends a turn because somebody wanted that. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void abort(Session session, Turn turn) {
        endByUs(session, turn, Translator::abort);
    }

    /** Ends a turn because something broke; {@code why} is a sentence for the user. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void fail(Session session, Turn turn, String why) {
        endByUs(session, turn, translator -> translator.fail(why));
    }

    private void endByUs(Session session, Turn turn, Function<Translator, List<Map<String, Object>>> ending) {
        Translator translator = journal.translatorOf(session.id(), turn.id());
        List<Map<String, Object>> last = ending.apply(translator);
        if (!turn.isOver() && !last.isEmpty()) {
            turns.append(turn.id(), last);
            settle(session, turn, translator.summary());
        }
    }

    /** Writes what remains of a turn whose last chunk is written. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void settle(Session session, Turn turn, TurnSummary summary) {
        TurnSummary.Outcome outcome = Objects.requireNonNull(summary.outcome(), "a turn that has not ended");
        if (!turns.saveEnd(turn.id(), outcome)) {
            return;
        }
        keepMessage(session, turn, outcome);
        listeners.forEach(listener -> listener.ended(turn, outcome));
        permissions.expireAll(session.id(), turn.id());
        sessions.addConsumption(session.id(), summary.inputTokens(), summary.outputTokens(), summary.costReported());
        if (summary.commit() != null) {
            sessions.saveHead(session.id(), summary.commit());
        }
        outbox.append(
                session.projectId(),
                session.id(),
                new TurnFinished(
                        session.id(),
                        turn.id(),
                        outcome.wireName(),
                        summary.commit(),
                        summary.inputTokens(),
                        summary.outputTokens()));
        signals.changed(turn.id());
    }

    private void keepMessage(Session session, Turn turn, TurnSummary.Outcome outcome) {
        MessageFold fold = new MessageFold();
        long after = 0;
        List<TurnRepository.StoredChunk> page;
        do {
            page = turns.chunks(turn.id(), after, CHUNKS_AT_ONCE);
            page.forEach(chunk -> fold.accept(json.object(chunk.data())));
            after += page.size();
        } while (page.size() == CHUNKS_AT_ONCE);
        if (fold.isEmpty()) {
            return;
        }
        fold.metadata().put("outcome", outcome.wireName());
        messages.insert(session.id(), turn.assistantMessageId(), "assistant", fold.parts(), fold.metadata());
        outbox.append(
                session.projectId(),
                session.id(),
                new MessageAdded(session.id(), turn.assistantMessageId(), "assistant"));
    }
}
