package dev.slipway.session.turn;

import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import dev.slipway.session.transcript.TurnSummary;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of turns and chunks. Whoever changes a turn has locked its session's row. */
@Singleton
public class TurnRepository {
    private final Sql sql;
    private final Json json;

    TurnRepository(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** Stores a turn that waits. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(Turn turn, int run) {
        sql.update(
                """
                INSERT INTO turn (id, session_id, project_id, user_message_id, run, assistant_message_id, prompt, model, mode, reasoning,
                                  state)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued')
                """,
                turn.id(),
                turn.sessionId(),
                turn.projectId(),
                turn.userMessageId(),
                run,
                turn.assistantMessageId(),
                turn.prompt(),
                turn.model(),
                turn.mode(),
                turn.reasoning());
    }

    /** A turn of a session. */
    @Connectable
    public Optional<Turn> find(String sessionId, String id) {
        return sql.first("SELECT * FROM turn WHERE id = ? AND session_id = ?", this::read, id, sessionId);
    }

    /** The newest turn for a user's message. */
    @Connectable
    public Optional<Turn> findByMessage(String sessionId, String userMessageId) {
        return sql.first(
                "SELECT * FROM turn WHERE session_id = ? AND user_message_id = ? ORDER BY run DESC LIMIT 1",
                this::read,
                sessionId,
                userMessageId);
    }

    /** How many turns a message had. */
    @Connectable
    public int runs(String sessionId, String userMessageId) {
        return sql.first(
                        "SELECT count(*) FROM turn WHERE session_id = ? AND user_message_id = ?",
                        row -> row.getInt(1),
                        sessionId,
                        userMessageId)
                .orElseThrow();
    }

    /** The turns that are not over, in order: the running one, then those that wait. */
    @Connectable
    public List<Turn> findOpen(String sessionId) {
        return sql.list(
                "SELECT * FROM turn WHERE session_id = ? AND state <> 'ended' ORDER BY position LIMIT 200",
                this::read,
                sessionId);
    }

    /** Writes anew what a turn that waits is to say; a null leaves a setting as it is. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void saveWish(
            String id, String prompt, @Nullable String model, @Nullable String mode, @Nullable String reasoning) {
        sql.update("""
                UPDATE turn
                SET prompt = ?, model = coalesce(?, model), mode = coalesce(?, mode), reasoning = coalesce(?, reasoning)
                WHERE id = ? AND state = 'queued'
                """, prompt, model, mode, reasoning, id);
    }

    /** Puts turns that wait in this order, among the places that they have now. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void saveOrder(String sessionId, List<String> ids) {
        List<Long> places = sql.list(
                "SELECT position FROM turn WHERE session_id = ? AND state = 'queued' ORDER BY position LIMIT 200",
                row -> row.getLong(1),
                sessionId);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.add(new @Nullable Object[] {places.get(i), ids.get(i), sessionId});
        }
        sql.batch("UPDATE turn SET position = ? WHERE id = ? AND session_id = ? AND state = 'queued'", rows);
    }

    /** Sessions that could take a turn and have one waiting; of any project, for the loop that mends. */
    @Connectable
    public List<Turn> findWaitingOfReadySessions(int limit) {
        return sql.list("""
                SELECT t.* FROM turn t JOIN session s ON s.id = t.session_id
                WHERE t.state = 'queued' AND s.status = 'ready'
                ORDER BY t.position
                LIMIT ?
                """, this::read, limit);
    }

    /** Turns that took too long, of any project. */
    @Connectable
    public List<Turn> findOverdue(int limit) {
        return sql.list(
                "SELECT * FROM turn WHERE deadline < now() AND state <> 'ended' ORDER BY deadline LIMIT ?",
                this::read,
                limit);
    }

    /** The turn is in this phase now, and overdue after {@code within}. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void savePhase(String id, Turn.Phase phase, @Nullable Duration within) {
        sql.update("""
                UPDATE turn
                SET state = ?, deadline = now() + ? * interval '1 millisecond',
                    started_at = CASE WHEN ? = 'started' THEN now() ELSE started_at END
                WHERE id = ? AND state <> 'ended'
                """, wireName(phase), within == null ? null : within.toMillis(), wireName(phase), id);
    }

    /** Somebody wants the turn to end. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void saveCancel(String id, Duration within) {
        sql.update(
                "UPDATE turn SET cancel_requested = true, deadline = now() + ? * interval '1 millisecond' WHERE id = ?",
                within.toMillis(),
                id);
    }

    /** The agent is alive: the turn's deadline moves, unless somebody wants the turn to end. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void extend(String id, Duration within) {
        sql.update(
                "UPDATE turn SET deadline = now() + ? * interval '1 millisecond' WHERE id = ? AND NOT cancel_requested",
                within.toMillis(),
                id);
    }

    /** The turn's one end; false if it had one already. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean saveEnd(String id, TurnSummary.Outcome outcome) {
        return sql.update("""
                UPDATE turn SET state = 'ended', outcome = ?, ended_at = now(), deadline = NULL
                WHERE id = ? AND state <> 'ended'
                """, outcome.wireName(), id) == 1;
    }

    /** Appends chunks to a turn; gives them as they are stored. */
    @Transactional(propagation = Propagation.MANDATORY)
    public NewChunks append(String turnId, List<Map<String, Object>> chunks) {
        long last = sql.first(
                        "UPDATE turn SET chunk_seq = chunk_seq + ? WHERE id = ? RETURNING chunk_seq",
                        row -> row.getLong(1),
                        chunks.size(),
                        turnId)
                .orElseThrow();
        List<String> written = chunks.stream().map(json::write).toList();
        sql.update(
                "INSERT INTO chunk (turn_id, seq, data) SELECT ?, ? + place, data FROM unnest(?::text[]) WITH ORDINALITY AS c (data, place)",
                turnId,
                last - chunks.size(),
                written.toArray(String[]::new));
        return new NewChunks(turnId, last - chunks.size() + 1, written);
    }

    /** Chunks after a number, in order. */
    @Connectable
    public List<StoredChunk> chunks(String turnId, long after, int limit) {
        return sql.list(
                "SELECT seq, data FROM chunk WHERE turn_id = ? AND seq > ? ORDER BY seq LIMIT ?",
                row -> new StoredChunk(row.getLong(1), row.getString(2)),
                turnId,
                after,
                limit);
    }

    /** A chunk, byte for byte as viewers get it. */
    public record StoredChunk(long seq, String data) {}

    private static String wireName(Turn.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private Turn read(ResultSet row) throws SQLException {
        return new Turn(
                row.getString("id"),
                row.getString("session_id"),
                row.getString("project_id"),
                row.getString("user_message_id"),
                row.getString("assistant_message_id"),
                row.getString("prompt"),
                row.getString("model"),
                row.getString("mode"),
                row.getString("reasoning"),
                Turn.Phase.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getLong("chunk_seq"),
                row.getBoolean("cancel_requested"),
                Sql.instant(row, "created_at"));
    }
}
