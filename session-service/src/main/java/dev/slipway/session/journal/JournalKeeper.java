package dev.slipway.session.journal;

import dev.slipway.contracts.agent.AgentStatus;
import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.session.lifecycle.Session;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.lifecycle.SessionSettings;
import dev.slipway.session.lifecycle.SessionState;
import dev.slipway.session.lifecycle.Transitions;
import dev.slipway.session.offer.OfferKeeper;
import dev.slipway.session.permission.PermissionService;
import dev.slipway.session.transcript.JournalRepository;
import dev.slipway.session.transcript.Translator;
import dev.slipway.session.transcript.WrittenEntry;
import dev.slipway.session.turn.Turn;
import dev.slipway.session.turn.TurnDispatcher;
import dev.slipway.session.turn.TurnEndings;
import dev.slipway.session.turn.TurnRepository;
import dev.slipway.session.turn.TurnSignals;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Stores journal entries and all that follows from them, chunks for viewers included, in one transaction under the session's
 * row lock. So an entry counts once, whoever brings it and however often.
 */
@Singleton
class JournalKeeper {
    private final SessionRepository sessions;
    private final JournalRepository journal;
    private final TurnRepository turns;
    private final TurnEndings endings;
    private final TurnSignals signals;
    private final PermissionService permissions;
    private final OfferKeeper offers;
    private final Transitions transitions;
    private final SessionSettings settings;
    private final JobQueue jobs;

    JournalKeeper(
            SessionRepository sessions,
            JournalRepository journal,
            TurnRepository turns,
            TurnEndings endings,
            TurnSignals signals,
            PermissionService permissions,
            OfferKeeper offers,
            Transitions transitions,
            SessionSettings settings,
            JobQueue jobs) {
        this.sessions = sessions;
        this.journal = journal;
        this.turns = turns;
        this.endings = endings;
        this.signals = signals;
        this.permissions = permissions;
        this.offers = offers;
        this.transitions = transitions;
        this.settings = settings;
        this.jobs = jobs;
    }

    /** How far we are; nothing if the session has no sandbox any more that is worth reading from. */
    @Transactional
    public Optional<Place> place(String sessionId) {
        return sessions.find(sessionId)
                .filter(session -> isLive(session.state()))
                .map(session -> new Place(
                        session.projectId(),
                        session.generation(),
                        session.journalEpoch(),
                        journal.lastSeq(sessionId, session.journalEpoch())));
    }

    /**
     * Compares how far we were with what the agent said afterwards. A journal that is shorter than what we had is another
     * one: the sandbox's volume was replaced, and counting begins anew. A turn that the agent should be at and knows nothing
     * of is given to it again, or ends if it had begun.
     *
     * @return where to read on
     */
    @Transactional
    public Optional<Place> attach(String sessionId, Place before, AgentStatus agent) {
        Session session = sessions.lock(sessionId).orElse(null);
        if (session == null || !isLive(session.state()) || session.journalEpoch() != before.epoch()) {
            return place(sessionId);
        }
        if (agent.lastSeq() < before.seq()) {
            sessions.nextEpoch(sessionId);
        }
        Place now = place(sessionId).orElseThrow();
        if (agent.lastSeq() == now.seq() && session.state() instanceof SessionState.Running running) {
            turns.find(sessionId, running.turnId())
                    .filter(turn -> !turn.id().equals(agent.turn()))
                    .ifPresent(turn -> lost(session, running, turn));
        }
        return place(sessionId);
    }

    /** Where a follower reads on: after entry {@code seq} of that epoch. */
    record Place(String projectId, long generation, int epoch, long seq) {}

    private void lost(Session session, SessionState.Running running, Turn turn) {
        if (turn.phase() == Turn.Phase.DISPATCHED) {
            jobs.add(TurnDispatcher.KIND, session.id(), session.projectId());
        } else {
            endings.fail(session, turn, "The agent was restarted during the turn. Send the message again.");
            endings.next(transitions.enter(session, running.turnEnded()));
        }
    }

    /**
     * Stores entries that follow each other.
     *
     * @param translators those of turns in the middle, which this may add to; to be dropped if this throws
     * @return false if the session, or this epoch of its journal, is over
     * @throws IllegalStateException if there is a gap between what we have and the first of them
     */
    @Transactional
    public boolean store(String sessionId, int epoch, List<WrittenEntry> entries, Map<String, Translator> translators) {
        Session session = sessions.lock(sessionId).orElse(null);
        if (session == null || session.journalEpoch() != epoch) {
            return false;
        }
        long last = journal.lastSeq(sessionId, epoch);
        List<WrittenEntry> unseen =
                entries.stream().filter(written -> written.entry().seq() > last).toList();
        List<JournalEntry> fresh = unseen.stream().map(WrittenEntry::entry).toList();
        if (fresh.isEmpty()) {
            return true;
        }
        if (fresh.getFirst().seq() != last + 1) {
            throw new IllegalStateException(
                    "journal entry " + fresh.getFirst().seq() + " (expected: " + (last + 1) + ")");
        }
        Map<String, List<JournalEntry>> byTurn = new LinkedHashMap<>();
        fresh.stream()
                .filter(entry -> entry.turn() != null)
                .forEach(entry -> byTurn.computeIfAbsent(String.valueOf(entry.turn()), _ -> new ArrayList<>())
                        .add(entry));
        // Translators are made of what is stored, so before these entries are.
        byTurn.keySet().forEach(turn -> translators.computeIfAbsent(turn, id -> journal.translatorOf(sessionId, id)));
        journal.insert(sessionId, epoch, unseen);
        offers.heard(session, fresh);
        byTurn.forEach((turn, said) -> follow(sessionId, turn, said, translators));
        return isLive(session.state());
    }

    private void follow(String sessionId, String turnId, List<JournalEntry> said, Map<String, Translator> translators) {
        Session session = sessions.lock(sessionId).orElseThrow();
        Turn turn = turns.find(sessionId, turnId).orElse(null);
        if (turn == null || turn.isOver()) {
            translators.remove(turnId);
            return;
        }
        Translator translator = Objects.requireNonNull(translators.get(turnId));
        List<Map<String, Object>> chunks = new ArrayList<>();
        said.forEach(entry -> chunks.addAll(translator.accept(entry)));
        if (!chunks.isEmpty()) {
            signals.appended(turns.append(turnId, chunks));
        }
        if (turn.phase() == Turn.Phase.STARTED) {
            turns.extend(turnId, settings.silenceTimeout());
        } else {
            turns.savePhase(turnId, Turn.Phase.STARTED, settings.silenceTimeout());
        }
        said.forEach(entry -> permissions.heard(session, entry));
        if (translator.summary().outcome() != null) {
            translators.remove(turnId);
            endings.settle(session, turn, translator.summary());
            if (session.state() instanceof SessionState.Running running
                    && running.turnId().equals(turnId)) {
                endings.next(transitions.enter(sessions.lock(sessionId).orElseThrow(), running.turnEnded()));
            }
        }
    }

    private static boolean isLive(SessionState state) {
        return state instanceof SessionState.Ready || state instanceof SessionState.Running;
    }
}
