package dev.slipway.session.journal;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.session.lifecycle.SessionRepository;
import dev.slipway.session.lifecycle.SessionSettings;
import dev.slipway.session.transcript.JournalRepository;
import dev.slipway.session.transcript.Translator;
import dev.slipway.session.transcript.Tree;
import dev.slipway.session.turn.NewChunks;
import dev.slipway.session.turn.TurnRepository;
import dev.slipway.session.turn.TurnSignals;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the entries that are most of a journal and of which nothing follows but chunks: what an agent says and which tools
 * it uses in the middle of a turn. Those of many sessions go together.
 */
@Singleton
class SpokenWords {
    private static final Set<String> KINDS = Set.of(
            "agent_message_chunk", "agent_thought_chunk", "tool_call", "tool_call_update", "plan", "usage_update");

    private final SessionRepository sessions;
    private final JournalRepository journal;
    private final TurnRepository turns;
    private final TurnSignals signals;
    private final SessionSettings settings;

    SpokenWords(
            SessionRepository sessions,
            JournalRepository journal,
            TurnRepository turns,
            TurnSignals signals,
            SessionSettings settings) {
        this.sessions = sessions;
        this.journal = journal;
        this.turns = turns;
        this.signals = signals;
        this.settings = settings;
    }

    /**
     * Entries of one turn that follow what is stored of it.
     *
     * @param translator has seen all of the turn that is stored; to be dropped if these are not
     */
    record Delivery(String sessionId, int epoch, String turnId, List<JournalEntry> entries, Translator translator) {}

    /** The turn that these entries belong to if they are all of this kind and of one turn, otherwise null. */
    static @Nullable String turnOf(List<JournalEntry> entries) {
        String turn = entries.getFirst().turn();
        boolean plain = entries.stream()
                .allMatch(entry -> Objects.equals(entry.turn(), turn)
                        && entry.kind().equals("acp.update")
                        && KINDS.contains(Objects.requireNonNullElse(Tree.text(entry.data(), "sessionUpdate"), "")));
        return plain ? turn : null;
    }

    /**
     * Stores deliveries, at most one of a session. One whose session is busy, or whose turn is not in the middle, is left out.
     *
     * @return the sessions whose entries are stored
     * @throws RuntimeException if none is; an entry that another replica has stored meanwhile is such a case
     */
    @Transactional
    public Set<String> store(List<Delivery> deliveries) {
        Map<String, Integer> free = sessions.lockFree(
                deliveries.stream().map(Delivery::sessionId).sorted().toList());
        Map<String, Delivery> byTurn = new LinkedHashMap<>();
        for (Delivery delivery : deliveries) {
            if (Objects.equals(free.get(delivery.sessionId()), delivery.epoch())) {
                byTurn.put(delivery.turnId(), delivery);
            }
        }
        Map<String, List<Map<String, Object>>> said = new LinkedHashMap<>();
        byTurn.forEach((turn, delivery) -> {
            List<Map<String, Object>> chunks = new ArrayList<>();
            delivery.entries()
                    .forEach(entry -> chunks.addAll(delivery.translator().accept(entry)));
            said.put(turn, chunks);
        });
        Set<String> stored = new HashSet<>();
        List<JournalRepository.Kept> entries = new ArrayList<>();
        List<NewChunks> written = turns.appendToStarted(said, settings.silenceTimeout());
        for (NewChunks chunks : written) {
            Delivery delivery = Objects.requireNonNull(byTurn.get(chunks.turnId()));
            stored.add(delivery.sessionId());
            delivery.entries()
                    .forEach(entry ->
                            entries.add(new JournalRepository.Kept(delivery.sessionId(), delivery.epoch(), entry)));
        }
        journal.insert(entries);
        signals.said(written);
        return stored;
    }
}
