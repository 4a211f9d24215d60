package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.core.type.Argument;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of sessions. Every question names its project, but for those that answer events and loops of this service. */
@Singleton
public class SessionRepository {
    private static final String CHANGED = "version = version + 1, updated_at = now()";

    private final Sql sql;
    private final Json json;

    SessionRepository(Sql sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** Stores a new session in state {@code initializing}; false if the id is taken, by whomever. */
    @Transactional
    public boolean insert(Draft draft) {
        return sql.update(
                        """
                INSERT INTO session (id, project_id, workspace_id, agent_id, name, named, status, base_ref, image, model, mode,
                                     env, limits, permissions, forked_from, user_id, author_name, author_email)
                VALUES (?, ?, ?, ?, ?, ?, 'initializing', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """,
                        draft.id(),
                        draft.projectId(),
                        draft.workspaceId(),
                        draft.agentId(),
                        draft.name() == null ? "New session" : draft.name(),
                        draft.name() != null,
                        draft.baseRef(),
                        draft.image(),
                        draft.model(),
                        draft.mode(),
                        json.write(draft.env()),
                        json.write(draft.limits()),
                        draft.permissions(),
                        draft.forkedFrom(),
                        draft.owner().userId(),
                        draft.owner().authorName(),
                        draft.owner().authorEmail())
                == 1;
    }

    /** A session of a project. */
    @Connectable
    public Optional<Session> find(String projectId, String id) {
        return sql.first("SELECT * FROM session WHERE id = ? AND project_id = ?", this::read, id, projectId);
    }

    /** As {@link #find(String, String)}, for loops, which know the session by its id alone. */
    @Connectable
    public Optional<Session> find(String id) {
        return sql.first("SELECT * FROM session WHERE id = ?", this::read, id);
    }

    /** A session of a project, its row locked to the end of the transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Session> lock(String projectId, String id) {
        return sql.first("SELECT * FROM session WHERE id = ? AND project_id = ? FOR UPDATE", this::read, id, projectId);
    }

    /** As {@link #lock(String, String)}, for events and loops, which know the session by its id alone. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Session> lock(String id) {
        return sql.first("SELECT * FROM session WHERE id = ? FOR UPDATE", this::read, id);
    }

    /** Locks a session, if its waiting still takes too long. */
    @Transactional(propagation = Propagation.MANDATORY)
    Optional<Session> lockOverdue(String id) {
        return sql.first("SELECT * FROM session WHERE id = ? AND deadline < now() FOR UPDATE", this::read, id);
    }

    /** A page of a project's sessions, newest first. */
    @Transactional
    public List<Session> list(
            String projectId,
            @Nullable String status,
            @Nullable String workspaceId,
            @Nullable Position after,
            int limit) {
        return sql.list(
                """
                SELECT * FROM session
                WHERE project_id = ?
                  AND (?::text IS NULL OR status = ?) AND (?::text IS NULL OR workspace_id = ?)
                  AND (?::timestamptz IS NULL OR (created_at, id) < (?::timestamptz, ?))
                ORDER BY created_at DESC, id DESC
                LIMIT ?
                """,
                this::read,
                projectId,
                status,
                status,
                workspaceId,
                workspaceId,
                after == null ? null : after.createdAt(),
                after == null ? null : after.createdAt(),
                after == null ? null : after.id(),
                limit);
    }

    /** Where a page of the list ended. */
    public record Position(Instant createdAt, String id) {}

    /** Ids of all sessions of a project or of a workspace in it, to be removed. */
    @Transactional
    public List<String> ids(String projectId, @Nullable String workspaceId) {
        return sql.list(
                "SELECT id FROM session WHERE project_id = ? AND (?::text IS NULL OR workspace_id = ?)",
                row -> row.getString(1),
                projectId,
                workspaceId,
                workspaceId);
    }

    /** Sessions whose waiting took too long, of any project. */
    @Transactional
    public List<String> findOverdue(int limit) {
        return sql.list(
                "SELECT id FROM session WHERE deadline < now() ORDER BY deadline LIMIT ?",
                row -> row.getString(1),
                limit);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void saveState(String id, SessionState state, StatusDetail detail, @Nullable Duration within) {
        sql.update(
                "UPDATE session SET status = ?, running_turn = ?, error_message = ?, phase = ?, progress = ?,"
                        + " progress_message = ?, deadline = now() + ? * interval '1 millisecond', last_activity_at = now(), "
                        + CHANGED + " WHERE id = ?",
                state.status(),
                state instanceof SessionState.Running running ? running.turnId() : null,
                state instanceof SessionState.Failed failed ? failed.reason() : null,
                detail.phase(),
                detail.progress(),
                detail.message(),
                within == null ? null : within.toMillis(),
                id);
    }

    /** A new wish for the sandbox; gives its generation. */
    @Transactional(propagation = Propagation.MANDATORY)
    long saveWish(String id, Desired desired) {
        return sql.first(
                        "UPDATE session SET desired = ?, generation = generation + 1, " + CHANGED
                                + " WHERE id = ? RETURNING generation",
                        row -> row.getLong(1),
                        desired.name(),
                        id)
                .orElseThrow();
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void saveCheckout(String id, String branch, String baseCommit) {
        sql.update(
                "UPDATE session SET branch = ?, base_commit = ?, " + CHANGED + " WHERE id = ?", branch, baseCommit, id);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void saveSandbox(String id, String image, String imageDigest) {
        sql.update(
                "UPDATE session SET image_used = ?, image_digest = ?,"
                        + " newest_image = CASE WHEN newest_image IN (?, ?) THEN NULL ELSE newest_image END, " + CHANGED
                        + " WHERE id = ?",
                image,
                imageDigest,
                image,
                imageDigest,
                id);
    }

    /** A newer image than the sandbox's is there; null if there is none any more. */
    @Transactional(propagation = Propagation.MANDATORY)
    void saveNewestImage(String id, @Nullable String newest) {
        sql.update("UPDATE session SET newest_image = ?, " + CHANGED + " WHERE id = ?", newest, id);
    }

    /** What the session says instead of its agent; null for what the agent's configuration says. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void savePermissions(String id, @Nullable String permissions) {
        sql.update("UPDATE session SET permissions = ?, " + CHANGED + " WHERE id = ?", permissions, id);
    }

    /** How many sessions a project has, or one workspace of it, of whatever state. */
    @Transactional
    long count(String projectId, @Nullable String workspaceId) {
        return sql.first(
                        "SELECT count(*) FROM session WHERE project_id = ? AND workspace_id = coalesce(?, workspace_id)",
                        row -> row.getLong(1),
                        projectId,
                        workspaceId)
                .orElseThrow();
    }

    /** Adds what the proxy counted for one answer of a model; the same {@code meterId} again changes nothing. */
    @Transactional(propagation = Propagation.MANDATORY)
    void meter(String id, String meterId, long inputTokens, long outputTokens, double costUsd) {
        int fresh = sql.update(
                "INSERT INTO metered_usage (id, session_id) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", meterId, id);
        if (fresh == 1) {
            sql.update(
                    "UPDATE session SET metered_answers = metered_answers + 1, metered_input_tokens = metered_input_tokens + ?,"
                            + " metered_output_tokens = metered_output_tokens + ?, metered_cost_usd = metered_cost_usd + ?, "
                            + CHANGED + " WHERE id = ?",
                    inputTokens,
                    outputTokens,
                    costUsd,
                    id);
        }
    }

    /** The newest checkpoint of the session's branch. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void saveHead(String id, String commit) {
        sql.update("UPDATE session SET head_commit = ?, " + CHANGED + " WHERE id = ?", commit, id);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void saveApplied(String id, String commit) {
        sql.update("UPDATE session SET applied_commit = ?, " + CHANGED + " WHERE id = ?", commit, id);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void saveNames(String id, String name, @Nullable String displayName) {
        sql.update(
                "UPDATE session SET name = ?, named = true, display_name = ?, " + CHANGED + " WHERE id = ?",
                name,
                displayName,
                id);
    }

    /** Names a session that nobody has named yet; true if that was the case. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean nameOnce(String id, String name) {
        return sql.update(
                        "UPDATE session SET name = ?, named = true, " + CHANGED + " WHERE id = ? AND NOT named",
                        name,
                        id)
                == 1;
    }

    /** Counts what a turn took. {@code costReported} is the agent's own running total, or null if it gives none. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void addConsumption(String id, long inputTokens, long outputTokens, @Nullable Double costReported) {
        sql.update(
                """
                UPDATE session
                SET input_tokens = input_tokens + ?, output_tokens = output_tokens + ?,
                    cost_usd = cost_usd + CASE WHEN ?::float8 IS NULL THEN 0
                                               WHEN ?::float8 >= cost_reported THEN ?::float8 - cost_reported
                                               ELSE ?::float8 END,
                    cost_reported = coalesce(?::float8, cost_reported), version = version + 1, updated_at = now()
                WHERE id = ?
                """,
                inputTokens,
                outputTokens,
                costReported,
                costReported,
                costReported,
                costReported,
                costReported,
                id);
    }

    /** The sandbox's journal begins anew. */
    @Transactional(propagation = Propagation.MANDATORY)
    public int nextEpoch(String id) {
        return sql.first(
                        "UPDATE session SET journal_epoch = journal_epoch + 1 WHERE id = ? RETURNING journal_epoch",
                        row -> row.getInt(1),
                        id)
                .orElseThrow();
    }

    @Transactional(propagation = Propagation.MANDATORY)
    void delete(String id) {
        sql.update("DELETE FROM chunk WHERE turn_id IN (SELECT id FROM turn WHERE session_id = ?)", id);
        sql.update("DELETE FROM journal_entry WHERE session_id = ?", id);
        sql.update("DELETE FROM session WHERE id = ?", id);
    }

    /** What the proxy counted, where it counts; agents leave out what they ask of small models on the side. */
    private static Session.Consumption consumption(ResultSet row) throws SQLException {
        return row.getLong("metered_answers") > 0
                ? new Session.Consumption(
                        row.getLong("metered_input_tokens"),
                        row.getLong("metered_output_tokens"),
                        row.getDouble("metered_cost_usd"))
                : new Session.Consumption(
                        row.getLong("input_tokens"), row.getLong("output_tokens"), row.getDouble("cost_usd"));
    }

    private Session read(ResultSet row) throws SQLException {
        return new Session(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("workspace_id"),
                row.getString("agent_id"),
                row.getString("name"),
                row.getString("display_name"),
                SessionState.of(row.getString("status"), row.getString("running_turn"), row.getString("error_message")),
                new StatusDetail(
                        row.getString("phase"),
                        row.getObject("progress", Integer.class),
                        row.getString("progress_message")),
                row.getLong("generation"),
                Desired.valueOf(row.getString("desired")),
                new Session.Source(
                        row.getString("base_ref"),
                        row.getString("branch"),
                        row.getString("base_commit"),
                        row.getString("head_commit"),
                        row.getString("applied_commit")),
                new Session.Sandbox(row.getString("image_used"), row.getString("image_digest")),
                row.getString("model"),
                row.getString("mode"),
                row.getString("image"),
                json.read(row.getString("env"), Argument.mapOf(String.class, String.class)),
                json.read(row.getString("limits"), Argument.of(SandboxLimits.class)),
                row.getString("permissions"),
                row.getString("newest_image"),
                new Session.Owner(
                        row.getString("user_id"), row.getString("author_name"), row.getString("author_email")),
                consumption(row),
                row.getInt("journal_epoch"),
                row.getLong("version"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "updated_at"),
                Sql.instant(row, "last_activity_at"));
    }
}
