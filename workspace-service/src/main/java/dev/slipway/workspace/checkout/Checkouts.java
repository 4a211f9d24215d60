package dev.slipway.workspace.checkout;

import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutFailed;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutPrepared;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckpointPushed;
import dev.slipway.contracts.workspace.WorkspaceEvent.SessionApplied;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.workspace.checkout.Checkout.Applied;
import dev.slipway.workspace.git.BranchName;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of sessions' branches. Each change appends its event in the same transaction, once. */
@Singleton
public class Checkouts {
    private final JdbcOperations jdbc;
    private final Outbox outbox;

    Checkouts(JdbcOperations jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    /** A session's branch. The project is the caller's to compare: the git server knows it from the token only. */
    @Transactional(readOnly = true)
    public Optional<Checkout> find(String sessionId) {
        return many("SELECT * FROM checkout WHERE session_id = ?", sessionId).stream()
                .findFirst();
    }

    /** The branches of a workspace's sessions that are not being removed yet, at most a thousand. */
    @Transactional(readOnly = true)
    public List<Checkout> ofWorkspace(String workspaceId) {
        return many("SELECT * FROM checkout WHERE workspace_id = ? AND status <> 'removing' LIMIT 1000", workspaceId);
    }

    /** Stores that a branch is wanted; nothing if it is known. */
    @Transactional
    public void want(String sessionId, String projectId, String workspaceId, String userId, @Nullable String baseRef) {
        update("""
                INSERT INTO checkout (session_id, project_id, workspace_id, user_id, base_ref, status)
                VALUES (?, ?, ?, ?, ?, 'preparing')
                ON CONFLICT (session_id) DO NOTHING
                """, sessionId, projectId, workspaceId, userId, baseRef);
    }

    /** The branch is there. */
    @Transactional
    public void prepared(Checkout checkout, String repositoryId, String baseCommit, String head) {
        int changed = update("""
                UPDATE checkout
                SET status = 'ready', repository_id = ?, base_commit = ?, head_commit = ?, updated_at = now()
                WHERE session_id = ? AND status = 'preparing'
                """, repositoryId, baseCommit, head, checkout.sessionId());
        if (changed == 1) {
            String branch = BranchName.ofSession(checkout.sessionId()).text();
            outbox.append(
                    checkout.projectId(),
                    checkout.sessionId(),
                    new CheckoutPrepared(checkout.sessionId(), checkout.workspaceId(), branch, baseCommit));
        }
    }

    /** The branch cannot be made. */
    @Transactional
    public void failed(Checkout checkout, String reason) {
        int changed = update(
                "UPDATE checkout SET status = 'failed', reason = ?, updated_at = now() WHERE session_id = ? AND status = 'preparing'",
                reason,
                checkout.sessionId());
        if (changed == 1) {
            outbox.append(
                    checkout.projectId(),
                    checkout.sessionId(),
                    new CheckoutFailed(checkout.sessionId(), checkout.workspaceId(), reason));
        }
    }

    /** The branch is at this commit now; announced if that is news. */
    @Transactional
    public void pushed(Checkout checkout, String head) {
        int changed = update("""
                UPDATE checkout SET head_commit = ?, updated_at = now()
                WHERE session_id = ? AND status = 'ready' AND head_commit IS DISTINCT FROM ?
                """, head, checkout.sessionId(), head);
        if (changed == 1) {
            String branch = BranchName.ofSession(checkout.sessionId()).text();
            outbox.append(
                    checkout.projectId(),
                    checkout.sessionId(),
                    new CheckpointPushed(checkout.sessionId(), checkout.workspaceId(), branch, head));
        }
    }

    /** The workspace has this of the session's work now. */
    @Transactional
    public void applied(Checkout checkout, Applied applied) {
        int changed =
                update("""
                UPDATE checkout
                SET applied_tree = ?, applied_commit = ?, applied_branch = ?, applied_head = ?, updated_at = now()
                WHERE session_id = ? AND status = 'ready'
                """, applied.tree(), applied.commit(), applied.branch(), applied.head(), checkout.sessionId());
        if (changed == 1) {
            outbox.append(
                    checkout.projectId(),
                    checkout.sessionId(),
                    new SessionApplied(
                            checkout.sessionId(), checkout.workspaceId(), applied.branch(), applied.commit()));
        }
    }

    /** The session's result is a copy of its line on another base now, with all that was applied below it. */
    @Transactional
    public void rebased(Checkout checkout, String baseCommit, String head, String line) {
        update("""
                UPDATE checkout
                SET base_commit = ?, applied_tree = NULL, applied_head = NULL, line_base = coalesce(line_base, base_commit),
                    line_head = ?, updated_at = now()
                WHERE session_id = ? AND status = 'ready'
                """, baseCommit, line, checkout.sessionId());
        pushed(checkout, head);
    }

    /** The copy has the line up to here now. */
    @Transactional
    public void followed(Checkout checkout, String line, String head) {
        update(
                "UPDATE checkout SET line_head = ?, updated_at = now() WHERE session_id = ? AND status = 'ready'",
                line,
                checkout.sessionId());
        pushed(checkout, head);
    }

    /** The session's result is its own line again, from this base on. */
    @Transactional
    public void backToItsLine(Checkout checkout, String baseCommit, String head) {
        update("""
                UPDATE checkout
                SET base_commit = ?, applied_tree = NULL, applied_head = NULL, line_base = NULL, line_head = NULL,
                    updated_at = now()
                WHERE session_id = ? AND status = 'ready'
                """, baseCommit, checkout.sessionId());
        pushed(checkout, head);
    }

    /** The session is gone; so goes its branch. */
    @Transactional
    public boolean release(String sessionId) {
        return update("UPDATE checkout SET status = 'removing', updated_at = now() WHERE session_id = ?", sessionId)
                == 1;
    }

    /** Forgets a branch that is gone. */
    @Transactional
    public void forget(String sessionId) {
        update("DELETE FROM checkout WHERE session_id = ? AND status = 'removing'", sessionId);
    }

    private int update(String sql, @Nullable Object... values) {
        return jdbc.prepareStatement(sql, update -> {
            bind(update, values);
            return update.executeUpdate();
        });
    }

    private List<Checkout> many(String sql, Object... values) {
        return jdbc.prepareStatement(sql, select -> {
            bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                List<Checkout> found = new ArrayList<>();
                while (row.next()) {
                    found.add(read(row));
                }
                return found;
            }
        });
    }

    private static Checkout read(ResultSet row) throws SQLException {
        return new Checkout(
                row.getString("session_id"),
                row.getString("project_id"),
                row.getString("workspace_id"),
                row.getString("repository_id"),
                row.getString("base_ref"),
                row.getString("status"),
                row.getString("reason"),
                row.getString("base_commit"),
                row.getString("head_commit"),
                row.getString("line_base"),
                row.getString("line_head"),
                applied(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Applied applied(ResultSet row) throws SQLException {
        String tree = row.getString("applied_tree");
        return tree == null
                ? null
                : new Applied(
                        tree,
                        row.getString("applied_commit"),
                        row.getString("applied_branch"),
                        row.getString("applied_head"));
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int index = 0; index < values.length; index++) {
            statement.setObject(index + 1, values[index]);
        }
    }
}
