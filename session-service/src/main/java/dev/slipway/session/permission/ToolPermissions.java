package dev.slipway.session.permission;

import dev.slipway.session.store.Sql;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of what members said of tools for the rest of a session. */
@Singleton
class ToolPermissions {
    private static final int SHOWN_MAX = 200;

    private final Sql sql;

    ToolPermissions(Sql sql) {
        this.sql = sql;
    }

    /** {@code allow} or {@code reject}, if somebody said so of this tool. */
    @Transactional
    public Optional<String> decision(String sessionId, @Nullable String tool) {
        return tool == null
                ? Optional.empty()
                : sql.first(
                        "SELECT decision FROM tool_permission WHERE session_id = ? AND tool = ?",
                        row -> row.getString(1),
                        sessionId,
                        tool);
    }

    /** What holds from now on; the newest word counts. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void save(String sessionId, String tool, String decision, String by) {
        sql.update("""
                INSERT INTO tool_permission (session_id, tool, decision, granted_by) VALUES (?, ?, ?, ?)
                ON CONFLICT (session_id, tool) DO UPDATE
                SET decision = EXCLUDED.decision, granted_by = EXCLUDED.granted_by, created_at = now()
                """, sessionId, tool, decision, by);
    }

    /** Takes it back; false if nothing was said. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean delete(String sessionId, String tool) {
        return sql.update("DELETE FROM tool_permission WHERE session_id = ? AND tool = ?", sessionId, tool) == 1;
    }

    /** All of a session, by name. */
    @Transactional
    public List<ToolPermission> list(String sessionId) {
        return sql.list(
                "SELECT tool, decision, granted_by FROM tool_permission WHERE session_id = ? ORDER BY tool LIMIT ?",
                row -> new ToolPermission(row.getString(1), row.getString(2), row.getString(3)),
                sessionId,
                SHOWN_MAX);
    }

    /** What was said of one tool, and by whom. */
    record ToolPermission(String tool, String decision, String grantedBy) {}
}
