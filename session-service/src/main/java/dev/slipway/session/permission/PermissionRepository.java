package dev.slipway.session.permission;

import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of permission requests. */
@Singleton
public class PermissionRepository {
    private final Sql sql;
    private final Json json;

    PermissionRepository(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** Keeps a request; false if it is known already. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean insert(
            String sessionId, String id, @Nullable String turnId, String title, Map<String, Object> params) {
        return sql.update("""
                INSERT INTO permission_request (session_id, id, turn_id, title, params, state)
                VALUES (?, ?, ?, ?, ?, 'pending')
                ON CONFLICT (session_id, id) DO NOTHING
                """, sessionId, id, turnId, title, json.write(params)) == 1;
    }

    /** A request of a session. */
    @Transactional
    public Optional<PermissionRequest> find(String sessionId, String id) {
        return sql.first("SELECT * FROM permission_request WHERE session_id = ? AND id = ?", this::read, sessionId, id);
    }

    /** The requests that wait for an answer, oldest first. */
    @Transactional
    List<PermissionRequest> findPending(String sessionId, @Nullable String afterId, int limit) {
        return sql.list("""
                SELECT * FROM permission_request
                WHERE session_id = ? AND state = 'pending'
                  AND (?::text IS NULL OR (requested_at, id) > (
                        SELECT requested_at, id FROM permission_request WHERE session_id = ? AND id = ?))
                ORDER BY requested_at, id
                LIMIT ?
                """, this::read, sessionId, afterId, sessionId, afterId, limit);
    }

    /** Somebody answered; false if somebody else was first. {@code optionId} is null for "none of these". */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean saveAnswer(String sessionId, String id, @Nullable String optionId, String by) {
        return sql.update("""
                UPDATE permission_request SET state = 'answered', option_id = ?, answered_by = ?
                WHERE session_id = ? AND id = ? AND state = 'pending'
                """, optionId, by, sessionId, id) == 1;
    }

    /** The agent has its answer; false if that was known. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean saveResolved(String sessionId, String id, @Nullable String optionId, String by) {
        return sql.update("""
                UPDATE permission_request
                SET state = 'resolved', option_id = ?, answered_by = coalesce(answered_by, ?), resolved_at = now()
                WHERE session_id = ? AND id = ? AND state IN ('pending', 'answered')
                """, optionId, by, sessionId, id) == 1;
    }

    /** The turn is over, nobody needs an answer any more. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void expireAll(String sessionId, String turnId) {
        sql.update("""
                UPDATE permission_request SET state = 'expired', resolved_at = now()
                WHERE session_id = ? AND turn_id = ? AND state IN ('pending', 'answered')
                """, sessionId, turnId);
    }

    private PermissionRequest read(ResultSet row) throws SQLException {
        return new PermissionRequest(
                row.getString("session_id"),
                row.getString("id"),
                row.getString("turn_id"),
                row.getString("title"),
                json.object(row.getString("params")),
                row.getString("state"),
                row.getString("option_id"),
                row.getString("answered_by"),
                Sql.instant(row, "requested_at"));
    }
}
