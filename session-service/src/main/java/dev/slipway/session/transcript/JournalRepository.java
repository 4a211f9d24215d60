package dev.slipway.session.transcript;

import dev.slipway.contracts.agent.JournalEntry;
import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The copy of the sandboxes' journals. */
@Singleton
public class JournalRepository {
    private final Sql sql;
    private final Json json;

    JournalRepository(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** The last entry that we have; 0 for none. */
    @Transactional
    public long lastSeq(String sessionId, int epoch) {
        return sql.first(
                        "SELECT coalesce(max(seq), 0) FROM journal_entry WHERE session_id = ? AND epoch = ?",
                        row -> row.getLong(1),
                        sessionId,
                        epoch)
                .orElseThrow();
    }

    /** An entry and where it belongs. */
    public record Kept(String sessionId, int epoch, JournalEntry entry) {}

    /** Keeps entries of one session; one that is there already is an error, since the caller has sorted those out. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(String sessionId, int epoch, List<JournalEntry> entries) {
        insert(entries.stream().map(entry -> new Kept(sessionId, epoch, entry)).toList());
    }

    /** As {@link #insert(String, int, List)}, of several sessions. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(List<Kept> all) {
        if (all.isEmpty()) {
            return;
        }
        sql.update(
                """
                INSERT INTO journal_entry (session_id, epoch, seq, turn_id, kind, written_at, data)
                SELECT * FROM unnest(?::text[], ?::int[], ?::bigint[], ?::text[], ?::text[], ?::timestamptz[], ?::text[])
                """,
                column(all, Kept::sessionId),
                all.stream().map(Kept::epoch).toArray(Integer[]::new),
                all.stream().map(kept -> kept.entry().seq()).toArray(Long[]::new),
                column(all, kept -> kept.entry().turn()),
                column(all, kept -> kept.entry().kind()),
                column(all, kept -> kept.entry().time().toString()),
                column(all, kept -> json.write(kept.entry().data())));
    }

    private static @Nullable String[] column(List<Kept> all, Function<Kept, @Nullable String> value) {
        return all.stream().map(value).toArray(String[]::new);
    }

    /** A translator that has seen all entries of a turn that we have. */
    @Transactional
    public Translator translatorOf(String turnId) {
        Translator translator = new Translator();
        sql.list(
                        "SELECT seq, written_at, turn_id, kind, data FROM journal_entry WHERE turn_id = ? ORDER BY epoch, seq",
                        row -> new JournalEntry(
                                row.getLong("seq"),
                                Sql.instant(row, "written_at"),
                                row.getString("turn_id"),
                                row.getString("kind"),
                                json.object(row.getString("data"))),
                        turnId)
                .forEach(translator::accept);
        return translator;
    }
}
