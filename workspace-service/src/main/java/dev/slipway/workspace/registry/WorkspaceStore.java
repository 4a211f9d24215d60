package dev.slipway.workspace.registry;

import dev.slipway.contracts.workspace.WorkspaceEvent.WorkspaceChanged;
import dev.slipway.contracts.workspace.WorkspaceEvent.WorkspaceRemoved;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.source.SourceType;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of workspaces and their repositories. Each change appends its event in the same transaction. */
@Singleton
public class WorkspaceStore {
    private final JdbcOperations jdbc;
    private final Outbox outbox;

    WorkspaceStore(JdbcOperations jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    /** A project's workspace; one that is being removed is gone already for everybody but its removal. */
    @Transactional(readOnly = true)
    public Optional<Workspace> find(String projectId, String id) {
        return one("SELECT * FROM workspace WHERE project_id = ? AND id = ? AND status <> 'removing'", projectId, id);
    }

    /** A workspace of whatever project, for jobs and handlers, which come from our own tables and events. */
    @Transactional(readOnly = true)
    public Optional<Workspace> findById(String id) {
        return one("SELECT * FROM workspace WHERE id = ?", id);
    }

    /** A page of a project's workspaces, oldest first, and one more row if there is one. */
    @Transactional(readOnly = true)
    public List<Workspace> page(String projectId, @Nullable String after, int limit) {
        return many("""
                SELECT * FROM workspace
                WHERE project_id = ? AND id > ? AND status <> 'removing'
                ORDER BY id
                LIMIT ?
                """, projectId, after == null ? "" : after, limit + 1);
    }

    /** All workspaces of a project, a thousand at a time, for its deletion. */
    @Transactional(readOnly = true)
    public List<Workspace> ofProject(String projectId) {
        return many("SELECT * FROM workspace WHERE project_id = ? AND status <> 'removing' LIMIT 1000", projectId);
    }

    /** The id of a source's repository in a project; a source that is new gets the one that is offered. */
    @Transactional
    public String repository(String projectId, String source, String offeredId) {
        jdbc.prepareStatement(
                "INSERT INTO repository (id, project_id, source) VALUES (?, ?, ?) ON CONFLICT (project_id, source) DO NOTHING",
                insert -> {
                    bind(insert, offeredId, projectId, source);
                    return insert.executeUpdate();
                });
        // The lock keeps a removal of the source's last workspace, which drops the row, apart from this.
        return text("SELECT id FROM repository WHERE project_id = ? AND source = ? FOR UPDATE", projectId, source)
                .orElseThrow(() -> new IllegalStateException("repository vanished: " + offeredId));
    }

    /** Adds a workspace. */
    @Transactional
    public void add(Workspace workspace) {
        jdbc.prepareStatement("""
                INSERT INTO workspace
                    (id, project_id, repository_id, source_type, path, display_name, credential_id, status, author_name,
                     author_email, user_id, host_key, depth, sparse, submodules, lfs)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, insert -> {
            bind(
                    insert,
                    workspace.id(),
                    workspace.projectId(),
                    workspace.repositoryId(),
                    workspace.sourceType().wireName(),
                    workspace.path(),
                    workspace.displayName(),
                    workspace.credentialId(),
                    workspace.status().wireName(),
                    workspace.author().name(),
                    workspace.author().email(),
                    workspace.userId(),
                    workspace.hostKey(),
                    workspace.options().depth(),
                    String.join("\n", workspace.options().sparse()),
                    workspace.options().submodules(),
                    workspace.options().lfs());
            return insert.executeUpdate();
        });
        announce(workspace.projectId(), workspace.id(), workspace.status());
    }

    /** Gives a workspace another status, unless it is being removed. */
    @Transactional
    public void become(Workspace workspace, WorkspaceStatus status) {
        @Nullable Integer progress = status instanceof WorkspaceStatus.Cloning(int percent) ? percent : null;
        @Nullable String message = status instanceof WorkspaceStatus.Failed(String said) ? said : null;
        @Nullable String commit = status instanceof WorkspaceStatus.Ready ready ? ready.commit() : null;
        @Nullable String branch = status instanceof WorkspaceStatus.Ready ready ? ready.branch() : null;
        int changed = jdbc.prepareStatement("""
                UPDATE workspace
                SET status = ?, progress = ?, error_message = ?, head_commit = coalesce(?, head_commit), branch = ?,
                    version = version + 1, updated_at = now()
                WHERE id = ? AND status <> 'removing'
                  AND (status, progress, error_message, head_commit, branch)
                      IS DISTINCT FROM (?, ?::int, ?, coalesce(?, head_commit), ?)
                """, update -> {
            bind(
                    update,
                    status.wireName(),
                    progress,
                    message,
                    commit,
                    branch,
                    workspace.id(),
                    status.wireName(),
                    progress,
                    message,
                    commit,
                    branch);
            return update.executeUpdate();
        });
        if (changed == 1) {
            announce(workspace.projectId(), workspace.id(), status);
        }
    }

    /** Holds to the key that a host showed the first time; one that is known already stays. */
    @Transactional
    public void pinHostKey(String id, String hostKey) {
        update(
                "UPDATE workspace SET host_key = ?, version = version + 1 WHERE id = ? AND host_key IS NULL",
                hostKey,
                id);
    }

    /** Changes what may be changed; false if the version is another by now. */
    @Transactional
    public boolean change(
            Workspace workspace,
            @Nullable String displayName,
            @Nullable String credentialId,
            @Nullable String hostKey) {
        int changed = jdbc.prepareStatement("""
                UPDATE workspace
                SET display_name = ?, credential_id = ?, host_key = ?, version = version + 1, updated_at = now()
                WHERE id = ? AND version = ? AND status <> 'removing'
                """, update -> {
            bind(update, displayName, credentialId, hostKey, workspace.id(), workspace.version());
            return update.executeUpdate();
        });
        if (changed == 1) {
            announce(workspace.projectId(), workspace.id(), workspace.status());
        }
        return changed == 1;
    }

    /** Marks a workspace for removal. */
    @Transactional
    public void remove(Workspace workspace, boolean deleteFiles) {
        jdbc.prepareStatement("""
                UPDATE workspace SET status = 'removing', delete_files = ?, version = version + 1, updated_at = now()
                WHERE id = ? AND status <> 'removing'
                """, update -> {
            bind(update, deleteFiles, workspace.id());
            return update.executeUpdate();
        });
        announce(workspace.projectId(), workspace.id(), new WorkspaceStatus.Removing());
    }

    /** Forgets a workspace; tells whether its repository has no other and is forgotten too. */
    @Transactional
    public boolean forget(Workspace workspace) {
        text("SELECT id FROM repository WHERE id = ? FOR UPDATE", workspace.repositoryId());
        update("DELETE FROM author WHERE workspace_id = ?", workspace.id());
        update("DELETE FROM commit_style WHERE workspace_id = ?", workspace.id());
        int gone = update("DELETE FROM workspace WHERE id = ?", workspace.id());
        if (gone == 1) {
            outbox.append(workspace.projectId(), workspace.id(), new WorkspaceRemoved(workspace.id()));
        }
        return update(
                        "DELETE FROM repository r WHERE id = ? AND NOT EXISTS (SELECT 1 FROM workspace w WHERE w.repository_id = r.id)",
                        workspace.repositoryId())
                == 1;
    }

    /** A repository, as its care needs to know it. */
    public record Source(String id, String projectId, boolean isRemote) {}

    /** The repository of this id. */
    @Transactional(readOnly = true)
    public Optional<Source> source(String repositoryId) {
        return sources("SELECT * FROM repository WHERE id = ?", repositoryId).stream()
                .findFirst();
    }

    /** Repositories that were never cared for, or not since the interval, oldest first. */
    @Transactional(readOnly = true)
    public List<Source> neglected(long intervalSeconds, int limit) {
        return sources("""
                SELECT * FROM repository
                WHERE coalesce(maintained_at, created_at) < now() - ? * interval '1 second'
                ORDER BY coalesce(maintained_at, created_at)
                LIMIT ?
                """, intervalSeconds, limit);
    }

    /** A repository was cared for. */
    @Transactional
    public void maintained(String repositoryId) {
        update("UPDATE repository SET maintained_at = now() WHERE id = ?", repositoryId);
    }

    /** The ready workspaces of a repository. */
    @Transactional(readOnly = true)
    public List<Workspace> ofRepository(String repositoryId) {
        return many("SELECT * FROM workspace WHERE repository_id = ? AND status = 'ready' LIMIT 1000", repositoryId);
    }

    private List<Source> sources(String sql, Object... values) {
        return jdbc.prepareStatement(sql, select -> {
            bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                List<Source> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new Source(
                            row.getString("id"),
                            row.getString("project_id"),
                            row.getString("source").startsWith("git:")));
                }
                return found;
            }
        });
    }

    /** Whether a repository is still known. */
    @Transactional(readOnly = true)
    public boolean isRepositoryKnown(String repositoryId) {
        return text("SELECT id FROM repository WHERE id = ?", repositoryId).isPresent();
    }

    private void announce(String projectId, String id, WorkspaceStatus status) {
        switch (status) {
            case WorkspaceStatus.Cloning(int percent) -> announce(projectId, id, status, percent, null, null);
            case WorkspaceStatus.Ready ready -> announce(projectId, id, status, null, ready.commit(), null);
            case WorkspaceStatus.Failed(String message) -> announce(projectId, id, status, null, null, message);
            case WorkspaceStatus.Initializing _, WorkspaceStatus.Removing _ ->
                announce(projectId, id, status, null, null, null);
        }
    }

    private void announce(
            String projectId,
            String id,
            WorkspaceStatus status,
            @Nullable Integer progress,
            @Nullable String commit,
            @Nullable String message) {
        outbox.append(projectId, id, new WorkspaceChanged(id, status.wireName(), progress, commit, message));
    }

    private int update(String sql, Object... values) {
        return jdbc.prepareStatement(sql, update -> {
            bind(update, values);
            return update.executeUpdate();
        });
    }

    private Optional<String> text(String sql, Object... values) {
        return jdbc.prepareStatement(sql, select -> {
            bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        });
    }

    private Optional<Workspace> one(String sql, Object... values) {
        return many(sql, values).stream().findFirst();
    }

    private List<Workspace> many(String sql, Object... values) {
        return jdbc.prepareStatement(sql, select -> {
            bind(select, values);
            try (ResultSet row = select.executeQuery()) {
                List<Workspace> found = new ArrayList<>();
                while (row.next()) {
                    found.add(read(row));
                }
                return found;
            }
        });
    }

    private static Workspace read(ResultSet row) throws SQLException {
        @Nullable String commit = row.getString("head_commit");
        return new Workspace(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("repository_id"),
                SourceType.of(row.getString("source_type"), ""),
                row.getString("path"),
                row.getString("display_name"),
                row.getString("credential_id"),
                status(row, commit),
                commit,
                row.getString("branch"),
                new Person(row.getString("author_name"), row.getString("author_email")),
                row.getString("user_id"),
                row.getString("host_key"),
                options(row),
                row.getBoolean("delete_files"),
                row.getLong("version"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private static CloneOptions options(ResultSet row) throws SQLException {
        return new CloneOptions(
                row.getObject("depth", Integer.class),
                row.getString("sparse").lines().toList(),
                row.getBoolean("submodules"),
                row.getBoolean("lfs"));
    }

    private static WorkspaceStatus status(ResultSet row, @Nullable String commit) throws SQLException {
        String name = row.getString("status");
        return switch (name) {
            case "initializing" -> new WorkspaceStatus.Initializing();
            case "cloning" -> new WorkspaceStatus.Cloning(row.getInt("progress"));
            case "ready" -> new WorkspaceStatus.Ready(commit == null ? "" : commit, row.getString("branch"));
            case "error" -> new WorkspaceStatus.Failed(row.getString("error_message"));
            case "removing" -> new WorkspaceStatus.Removing();
            default -> throw new SQLException("workspace.status: " + name);
        };
    }

    private static void bind(java.sql.PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int index = 0; index < values.length; index++) {
            statement.setObject(index + 1, values[index]);
        }
    }
}
