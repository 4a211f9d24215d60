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

    /** Keeps entries; one that is there already is an error, since the caller has sorted those out. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(String sessionId, int epoch, List<WrittenEntry> entries) {
        sql.update(
                """
                INSERT INTO journal_entry (session_id, epoch, seq, turn_id, kind, written_at, data)
                SELECT ?, ?, e.*
                FROM unnest(?::bigint[], ?::text[], ?::text[], ?::timestamptz[], ?::text[]) AS e
                """,
                sessionId,
                epoch,
                entries.stream().map(written -> written.entry().seq()).toArray(Long[]::new),
                column(entries, written -> written.entry().turn()),
                column(entries, written -> written.entry().kind()),
                column(entries, written -> written.entry().time().toString()),
                column(entries, WrittenEntry::data));
    }

    private static @Nullable String[] column(
            List<WrittenEntry> entries, Function<WrittenEntry, @Nullable String> value) {
        return entries.stream().map(value).toArray(String[]::new);
    }

    /** A translator that has seen all entries of a turn that we have. */
    @Transactional
    public Translator translatorOf(String sessionId, String turnId) {
        Translator translator = new Translator();
        sql.list(
                        "SELECT seq, written_at, turn_id, kind, data FROM journal_entry WHERE session_id = ? AND turn_id = ? ORDER BY epoch, seq",
                        row -> new JournalEntry(
                                row.getLong("seq"),
                                Sql.instant(row, "written_at"),
                                row.getString("turn_id"),
                                row.getString("kind"),
                                json.object(row.getString("data"))),
                        sessionId,
                        turnId)
                .forEach(translator::accept);
        return translator;
    }
}
