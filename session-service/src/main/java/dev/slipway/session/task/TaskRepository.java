package dev.slipway.session.task;

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

/** The table of tasks. */
@Singleton
class TaskRepository {
    private final Sql sql;

    TaskRepository(Sql sql) {
        this.sql = sql;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(String id, String projectId, String sessionId, String turnId, String instruction) {
        sql.update(
                "INSERT INTO task (id, project_id, session_id, turn_id, instruction) VALUES (?, ?, ?, ?, ?)",
                id,
                projectId,
                sessionId,
                turnId,
                instruction);
    }

    @Transactional
    public Optional<Task> find(String projectId, String id) {
        return sql.first("SELECT * FROM task WHERE project_id = ? AND id = ?", TaskRepository::read, projectId, id);
    }

    /** A page of a project's tasks, newest first: ids are made in the order of time. */
    @Transactional
    public List<Task> list(String projectId, @Nullable String beforeId, int limit) {
        return sql.list("""
                SELECT * FROM task WHERE project_id = ? AND (?::text IS NULL OR id < ?)
                ORDER BY id DESC
                LIMIT ?
                """, TaskRepository::read, projectId, beforeId, beforeId, limit);
    }

    /** The task of a turn is over; gives it, if the turn was one's and it was not over yet. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Task> saveEnd(String turnId, String status) {
        return sql.first(
                "UPDATE task SET status = ?, ended_at = now() WHERE turn_id = ? AND status = 'running' RETURNING *",
                TaskRepository::read,
                status,
                turnId);
    }

    private static Task read(ResultSet row) throws SQLException {
        OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
        return new Task(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("session_id"),
                row.getString("turn_id"),
                row.getString("instruction"),
                row.getString("status"),
                Sql.instant(row, "created_at"),
                ended == null ? null : ended.toInstant());
    }
}
