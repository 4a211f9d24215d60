package dev.slipway.session.permission;

import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of requests. */
@Singleton
public class PermissionRepository {
    private final Sql sql;
    private final Json json;

    PermissionRepository(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** Keeps a request that waits; false if it is known already. */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean insert(PermissionRequest request) {
        return sql.update(
                        """
                INSERT INTO permission_request (session_id, id, turn_id, kind, title, tool, params, state, default_option, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?)
                ON CONFLICT (session_id, id) DO NOTHING
                """,
                        request.sessionId(),
                        request.id(),
                        request.turnId(),
                        request.kind(),
                        request.title(),
                        request.tool(),
                        json.write(request.params()),
                        request.defaultOption(),
                        request.expiresAt())
                == 1;
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

    /** The requests that nobody answered in time, of any project. */
    @Transactional
    List<PermissionRequest> findOverdue(int limit) {
        return sql.list("""
                SELECT * FROM permission_request
                WHERE state = 'pending' AND expires_at < now()
                ORDER BY expires_at
                LIMIT ?
                """, this::read, limit);
    }

    /** Somebody answered; false if somebody else was first. */
    @Transactional(propagation = Propagation.MANDATORY)
    boolean saveAnswer(String sessionId, String id, RequestAnswer answer, String by) {
        return sql.update(
                        """
                UPDATE permission_request
                SET state = 'answered', option_id = ?, answers = ?, declined = ?, answered_by = ?
                WHERE session_id = ? AND id = ? AND state = 'pending'
                """,
                        answer.optionId(),
                        answer.answers() == null ? null : json.write(answer.answers()),
                        answer.declined(),
                        by,
                        sessionId,
                        id)
                == 1;
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
        String answers = row.getString("answers");
        OffsetDateTime expiresAt = row.getObject("expires_at", OffsetDateTime.class);
        return new PermissionRequest(
                row.getString("session_id"),
                row.getString("id"),
                row.getString("turn_id"),
                row.getString("kind"),
                row.getString("title"),
                row.getString("tool"),
                json.object(row.getString("params")),
                row.getString("state"),
                row.getString("option_id"),
                answers == null ? null : json.object(answers),
                row.getBoolean("declined"),
                row.getString("answered_by"),
                row.getString("default_option"),
                Sql.instant(row, "requested_at"),
                expiresAt == null ? null : expiresAt.toInstant());
    }
}
