package dev.slipway.session.journal;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.session.lifecycle.SessionSettings;
import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import dev.slipway.session.transcript.Translator;
import dev.slipway.session.transcript.Tree;
import dev.slipway.session.transcript.WrittenEntry;
import dev.slipway.session.turn.NewChunks;
import dev.slipway.session.turn.TurnSignals;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores the entries that are most of a journal and of which nothing follows but chunks: what an agent says and which tools
 * it uses in the middle of a turn. Those of many sessions go together, in one statement that is its own transaction.
 */
@Singleton
class SpokenWords {
    private static final Set<String> KINDS = Set.of(
            "agent_message_chunk", "agent_thought_chunk", "tool_call", "tool_call_update", "plan", "usage_update");

    /**
     * Locks the sessions that nobody else has locked, counts their turns' chunks, stores chunks and entries, and tells other replicas. A
     * deadline is moved when that makes a difference: it is indexed, and each move costs. A notification has at most 8,000 bytes.
     */
    private static final String STORE = """
            WITH said AS MATERIALIZED (
                SELECT * FROM unnest(?::text[], ?::int[], ?::text[], ?::bigint[])
                    WITH ORDINALITY AS s (session_id, epoch, turn_id, chunks, place)),
            free AS MATERIALIZED (
                SELECT id, journal_epoch FROM session
                WHERE id = ANY (?::text[]) AND status IN ('ready', 'running')
                ORDER BY id
                FOR NO KEY UPDATE SKIP LOCKED),
            grown AS (
                UPDATE turn t
                SET chunk_seq = t.chunk_seq + said.chunks,
                    deadline = CASE WHEN t.cancel_requested OR t.deadline > now() + ? * interval '0.95 millisecond' THEN t.deadline
                                    ELSE now() + ? * interval '1 millisecond' END
                FROM said JOIN free ON free.id = said.session_id AND free.journal_epoch = said.epoch
                WHERE t.id = said.turn_id AND t.session_id = said.session_id AND t.state = 'started'
                RETURNING said.place, said.session_id, said.epoch, t.id, said.chunks, t.chunk_seq - said.chunks AS before),
            shown AS (
                INSERT INTO chunk (turn_id, seq, data)
                SELECT grown.id, grown.before + c.seq, c.data
                FROM unnest(?::bigint[], ?::bigint[], ?::text[]) AS c (place, seq, data) JOIN grown ON grown.place = c.place),
            kept AS (
                INSERT INTO journal_entry (session_id, epoch, seq, turn_id, kind, written_at, data)
                SELECT grown.session_id, grown.epoch, e.seq, grown.id, 'acp.update', e.written_at, e.data
                FROM unnest(?::bigint[], ?::bigint[], ?::timestamptz[], ?::text[]) AS e (place, seq, written_at, data)
                    JOIN grown ON grown.place = e.place),
            told AS MATERIALIZED (
                SELECT pg_notify(?, ? || ' ' || string_agg(id, ' '))
                FROM (SELECT id, (row_number() OVER () - 1) / 100 AS page FROM grown WHERE chunks > 0) AS pages
                WHERE ?
                GROUP BY page)
            SELECT place, before + 1, (SELECT count(*) FROM told) FROM grown
            """;

    private final Sql sql;
    private final TurnSignals signals;
    private final SessionSettings settings;

    SpokenWords(Sql sql, TurnSignals signals, SessionSettings settings) {
        this.sql = sql;
        this.signals = signals;
        this.settings = settings;
    }

    /**
     * Entries of one turn that follow what is stored of it.
     *
     * @param chunks what follows from them, as viewers get it
     */
    record Delivery(String sessionId, int epoch, String turnId, List<WrittenEntry> entries, List<String> chunks) {
        /** How much of it goes to the database. */
        long characters() {
            return entries.stream().mapToLong(entry -> entry.data().length()).sum()
                    + chunks.stream().mapToLong(String::length).sum();
        }

        /** @param translator has seen all of the turn that is stored, and these entries after this; to be dropped if they are not stored */
        static Delivery of(
                String sessionId,
                int epoch,
                String turnId,
                List<WrittenEntry> entries,
                Translator translator,
                Json json) {
            List<String> chunks = new ArrayList<>();
            entries.forEach(
                    written -> translator.accept(written.entry()).forEach(chunk -> chunks.add(json.write(chunk))));
            return new Delivery(sessionId, epoch, turnId, entries, chunks);
        }
    }

    /** The turn that these entries belong to if they are all of this kind and of one turn, otherwise null. */
    static @Nullable String turnOf(List<WrittenEntry> entries) {
        String turn = entries.getFirst().entry().turn();
        for (WrittenEntry written : entries) {
            JournalEntry entry = written.entry();
            if (!Objects.equals(entry.turn(), turn)
                    || !entry.kind().equals("acp.update")
                    || !KINDS.contains(Objects.requireNonNullElse(Tree.text(entry.data(), "sessionUpdate"), ""))) {
                return null;
            }
        }
        return turn;
    }

    /**
     * Stores deliveries. One whose session is busy, or whose turn is not in the middle, is left out; and of two of one session, one.
     *
     * @return the places in the list of those that are stored
     * @throws RuntimeException if none is; an entry that another replica has stored meanwhile is such a case
     */
    Set<Integer> store(List<Delivery> deliveries) {
        List<Long> chunkPlaces = new ArrayList<>();
        List<Long> chunkSeqs = new ArrayList<>();
        List<String> chunks = new ArrayList<>();
        List<Long> entryPlaces = new ArrayList<>();
        List<WrittenEntry> entries = new ArrayList<>();
        for (int i = 0; i < deliveries.size(); i++) {
            Delivery delivery = deliveries.get(i);
            long place = i + 1L;
            long seq = 0;
            for (String chunk : delivery.chunks()) {
                chunkPlaces.add(place);
                chunkSeqs.add(++seq);
                chunks.add(chunk);
            }
            for (WrittenEntry entry : delivery.entries()) {
                entryPlaces.add(place);
                entries.add(entry);
            }
        }
        String[] sessions = deliveries.stream().map(Delivery::sessionId).toArray(String[]::new);
        long silence = settings.silenceTimeout().toMillis();
        List<NewChunks> written = new ArrayList<>();
        Set<Integer> stored = new HashSet<>();
        sql.commit(
                        STORE,
                        row -> new Stored(row.getInt(1) - 1, row.getLong(2)),
                        sessions,
                        deliveries.stream().map(Delivery::epoch).toArray(Integer[]::new),
                        deliveries.stream().map(Delivery::turnId).toArray(String[]::new),
                        deliveries.stream()
                                .map(delivery -> (long) delivery.chunks().size())
                                .toArray(Long[]::new),
                        sessions,
                        silence,
                        silence,
                        chunkPlaces.toArray(Long[]::new),
                        chunkSeqs.toArray(Long[]::new),
                        chunks.toArray(String[]::new),
                        entryPlaces.toArray(Long[]::new),
                        entries.stream().map(each -> each.entry().seq()).toArray(Long[]::new),
                        entries.stream()
                                .map(each -> each.entry().time().toString())
                                .toArray(String[]::new),
                        entries.stream().map(WrittenEntry::data).toArray(String[]::new),
                        TurnSignals.CHANNEL,
                        signals.replica(),
                        signals.hasPeers())
                .forEach(each -> {
                    Delivery delivery = deliveries.get(each.place());
                    stored.add(each.place());
                    if (!delivery.chunks().isEmpty()) {
                        written.add(new NewChunks(delivery.turnId(), each.first(), delivery.chunks()));
                    }
                });
        signals.said(written);
        return stored;
    }

    private record Stored(int place, long first) {}
}
