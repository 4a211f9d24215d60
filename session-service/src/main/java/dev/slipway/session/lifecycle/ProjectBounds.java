package dev.slipway.session.lifecycle;

import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import io.micronaut.core.type.Argument;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Limits of projects, which the gateway tells, and of workspaces: how many sessions there may be, and how large one's sandbox at most. */
@Singleton
class ProjectBounds {
    private final Sql sql;
    private final Json json;
    private final SessionRepository sessions;

    ProjectBounds(Sql sql, Json json, SessionRepository sessions) {
        this.sql = sql;
        this.json = json;
        this.sessions = sessions;
    }

    /** Keeps the limits that hold from now on. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void save(String projectId, ProjectLimits limits) {
        sql.update("""
                INSERT INTO project_limits (project_id, limits) VALUES (?, ?)
                ON CONFLICT (project_id) DO UPDATE SET limits = EXCLUDED.limits, updated_at = now()
                """, projectId, json.write(limits));
    }

    /** Keeps what sessions of a workspace may have from their next start on. */
    @Transactional
    public void saveWorkspace(String projectId, String workspaceId, WorkspaceLimits limits) {
        sql.update("""
                INSERT INTO workspace_limits (project_id, workspace_id, limits) VALUES (?, ?, ?)
                ON CONFLICT (project_id, workspace_id) DO UPDATE SET limits = EXCLUDED.limits, updated_at = now()
                """, projectId, workspaceId, json.write(limits));
    }

    /** The project is no more. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void forget(String projectId) {
        sql.update("DELETE FROM workspace_limits WHERE project_id = ?", projectId);
        sql.update("DELETE FROM project_limits WHERE project_id = ?", projectId);
    }

    /** The workspace is no more. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void forgetWorkspace(String projectId, String workspaceId) {
        sql.update("DELETE FROM workspace_limits WHERE project_id = ? AND workspace_id = ?", projectId, workspaceId);
    }

    /** What sessions of a workspace may have. */
    @Transactional
    public WorkspaceLimits ofWorkspace(String projectId, String workspaceId) {
        return sql.first(
                        "SELECT limits FROM workspace_limits WHERE project_id = ? AND workspace_id = ?",
                        row -> json.read(row.getString(1), Argument.of(WorkspaceLimits.class)),
                        projectId,
                        workspaceId)
                .orElse(WorkspaceLimits.NONE);
    }

    /** Ends the request with 409 if the project or the workspace has as many sessions as it may. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void checkRoomForSession(String projectId, String workspaceId) {
        Integer most = of(projectId).sessions();
        Integer mostOfWorkspace = ofWorkspace(projectId, workspaceId).sessions();
        if (most == null && mostOfWorkspace == null) {
            return;
        }
        // One at a time, so that two requests do not both get the last place.
        sql.first("SELECT pg_advisory_xact_lock(hashtextextended(?, 2))", row -> true, projectId);
        checkRoom("project", most, sessions.count(projectId, null));
        checkRoom("workspace", mostOfWorkspace, sessions.count(projectId, workspaceId));
    }

    private static void checkRoom(String owner, @Nullable Integer most, long there) {
        if (most != null && there >= most) {
            throw ProblemException.conflict(
                    "limit-reached",
                    "The " + owner + " has " + there + " sessions (limit sessions: " + most
                            + "). Delete one, or ask an admin to raise the limit.");
        }
    }

    /** Whether the project bounds what its sandboxes have together. */
    @Transactional
    public boolean boundsSandboxes(String projectId) {
        ProjectLimits most = of(projectId);
        return most.cpus() != null || most.memoryBytes() != null || most.diskBytes() != null || most.pids() != null;
    }

    /** What a sandbox may have: what its session asks for, and no more than its workspace and its project allow. */
    @Transactional
    public SandboxLimits within(String projectId, String workspaceId, SandboxLimits asked) {
        ProjectLimits most = of(projectId);
        SandboxLimits ofProject = new SandboxLimits(
                most.cpus(),
                most.memoryBytes(),
                most.diskBytes(),
                most.pids(),
                most.idleTimeoutSeconds(),
                most.ttlSeconds());
        return least(least(asked, ofWorkspace(projectId, workspaceId).ofSandbox()), ofProject);
    }

    private static SandboxLimits least(SandboxLimits one, SandboxLimits other) {
        return new SandboxLimits(
                least(one.cpus(), other.cpus()),
                least(one.memoryBytes(), other.memoryBytes()),
                least(one.diskBytes(), other.diskBytes()),
                least(one.pids(), other.pids()),
                least(one.idleTimeoutSeconds(), other.idleTimeoutSeconds()),
                least(one.ttlSeconds(), other.ttlSeconds()));
    }

    private ProjectLimits of(String projectId) {
        return sql.first(
                        "SELECT limits FROM project_limits WHERE project_id = ?",
                        row -> json.read(row.getString(1), Argument.of(ProjectLimits.class)),
                        projectId)
                .orElse(ProjectLimits.NONE);
    }

    private static <T extends Comparable<T>> @Nullable T least(@Nullable T one, @Nullable T other) {
        return Stream.of(one, other)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
