package dev.slipway.session.message;

import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
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

    /** A page before a position, newest first. */
    @Transactional
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
    @Transactional
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
