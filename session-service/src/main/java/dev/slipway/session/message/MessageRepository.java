package dev.slipway.session.message;

import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of messages. */
@Singleton
public class MessageRepository {
    private final Sql sql;
    private final Json json;

    MessageRepository(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** Keeps a message. One that was answered anew replaces what it was. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(
            String sessionId, String id, String role, List<Map<String, Object>> parts, Map<String, Object> metadata) {
        sql.update("""
                INSERT INTO message (session_id, id, role, parts, metadata) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (session_id, id) DO UPDATE SET parts = EXCLUDED.parts, metadata = EXCLUDED.metadata
                """, sessionId, id, role, json.write(parts), json.write(metadata));
    }

    /** The message comes last from now on: it waited while others were answered. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void moveToEnd(String sessionId, String id) {
        sql.update("""
                UPDATE message SET position = DEFAULT
                WHERE session_id = ? AND id = ? AND position < (SELECT max(position) FROM message WHERE session_id = ?)
                """, sessionId, id, sessionId);
    }

    /** Forgets a message. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void delete(String sessionId, String id) {
        sql.update("DELETE FROM message WHERE session_id = ? AND id = ?", sessionId, id);
    }

    /** Gives a new session all messages of another but those that still wait for their answer. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void copy(String fromSession, String toSession) {
        sql.update("""
                INSERT INTO message (session_id, id, role, parts, metadata, created_at)
                SELECT ?, id, role, parts, metadata, created_at FROM message
                WHERE session_id = ? AND NOT EXISTS (
                    SELECT 1 FROM turn
                    WHERE turn.session_id = message.session_id AND user_message_id = message.id AND state <> 'ended')
                ORDER BY position
                ON CONFLICT (session_id, id) DO NOTHING
                """, toSession, fromSession);
    }

    /** Whether anything was answered in this session yet. */
    @Connectable
    public boolean hasAnswer(String sessionId) {
        return sql.first(
                        "SELECT 1 FROM message WHERE session_id = ? AND role = 'assistant' LIMIT 1",
                        row -> true,
                        sessionId)
                .isPresent();
    }

    /** A page before a position, newest first. */
    @Connectable
    public List<Stored> newest(String sessionId, @Nullable Long before, int limit) {
        return sql.list(
                """
                SELECT position, id, role, parts, metadata, created_at FROM message
                WHERE session_id = ? AND (?::bigint IS NULL OR position < ?)
                ORDER BY position DESC
                LIMIT ?
                """,
                row -> new Stored(
                        row.getLong("position"),
                        row.getString("id"),
                        row.getString("role"),
                        json.objects(row.getString("parts")),
                        json.object(row.getString("metadata")),
                        Sql.instant(row, "created_at")),
                sessionId,
                before,
                before,
                limit);
    }

    /** The parts of a user's message. */
    @Connectable
    public Optional<List<Map<String, Object>>> partsOf(String sessionId, String id) {
        return sql.first(
                "SELECT parts FROM message WHERE session_id = ? AND id = ? AND role = 'user'",
                row -> json.objects(row.getString(1)),
                sessionId,
                id);
    }

    /** A message as it is stored; {@code position} orders a session's messages. */
    public record Stored(
            long position,
            String id,
            String role,
            List<Map<String, Object>> parts,
            Map<String, Object> metadata,
            Instant createdAt) {}
}
