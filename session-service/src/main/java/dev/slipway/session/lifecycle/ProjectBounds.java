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

/** What the gateway said of a project's limits: how many sessions there may be, and how large one's sandbox at most. */
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

    /** Ends the request with 409 if the project has as many sessions as it may. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void checkRoomForSession(String projectId) {
        Integer most = of(projectId).sessions();
        if (most == null) {
            return;
        }
        // One at a time, so that two requests do not both get the last place.
        sql.first("SELECT pg_advisory_xact_lock(hashtextextended(?, 2))", row -> true, projectId);
        long there = sessions.count(projectId);
        if (there >= most) {
            throw ProblemException.conflict(
                    "limit-reached",
                    "The project has " + there + " sessions (limit sessions: " + most
                            + "). Delete one, or ask an admin to raise the limit.");
        }
    }

    /** What a sandbox may have: what its session asks for, and no more than its project allows. */
    @Transactional
    public SandboxLimits within(String projectId, SandboxLimits asked) {
        ProjectLimits most = of(projectId);
        return new SandboxLimits(
                least(asked.cpus(), most.cpus()),
                least(asked.memoryBytes(), most.memoryBytes()),
                least(asked.diskBytes(), most.diskBytes()),
                least(asked.pids(), most.pids()),
                least(asked.idleTimeoutSeconds(), most.idleTimeoutSeconds()),
                least(asked.ttlSeconds(), most.ttlSeconds()));
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
