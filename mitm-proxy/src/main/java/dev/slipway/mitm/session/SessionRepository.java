package dev.slipway.mitm.session;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions that have a door, and the hosts that users allowed them. */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface SessionRepository extends GenericRepository<SessionRow, String> {
    Optional<SessionRow> findBySessionId(String sessionId);

    /** All sessions of all projects, for the start of the process; a page at a time, in the order of their ids. */
    @Query("""
            SELECT * FROM egress_session
            WHERE session_id > :after
            ORDER BY session_id
            LIMIT :limit
            """)
    List<SessionRow> findPageAfter(String after, int limit);

    /** Stores a session unless a newer generation of it is there; a session never changes its project. */
    @Query("""
            INSERT INTO egress_session (session_id, project_id, workspace_id, user_id, agent_type, generation, allow, credential_id)
            VALUES (:sessionId, :projectId, :workspaceId, :userId, :agentType, :generation, :allow, :credentialId)
            ON CONFLICT (session_id) DO UPDATE
            SET workspace_id = excluded.workspace_id, user_id = excluded.user_id, agent_type = excluded.agent_type,
                generation = excluded.generation, allow = excluded.allow, credential_id = excluded.credential_id,
                updated_at = now()
            WHERE egress_session.generation <= excluded.generation
              AND egress_session.project_id = excluded.project_id
            """)
    long upsert(
            String sessionId,
            String projectId,
            String workspaceId,
            String userId,
            String agentType,
            long generation,
            String allow,
            @Nullable String credentialId);

    /** All sessions of a project; bounded by what one proxy can hold open. */
    @Query("SELECT * FROM egress_session WHERE project_id = :projectId ORDER BY session_id LIMIT 10000")
    List<SessionRow> findOfProject(String projectId);

    @Query("UPDATE egress_session SET workspace_file = :text WHERE session_id = :sessionId")
    long setWorkspaceFile(String sessionId, @Nullable String text);

    @Query("""
            SELECT count(*) FROM proxy_file_approval
            WHERE project_id = :projectId AND workspace_id = :workspaceId AND sha256 = :sha256
            """)
    long countApprovals(String projectId, String workspaceId, String sha256);

    @Query("""
            INSERT INTO proxy_file_approval (project_id, workspace_id, sha256, approved_by)
            VALUES (:projectId, :workspaceId, :sha256, :approvedBy)
            ON CONFLICT (project_id, workspace_id, sha256) DO NOTHING
            """)
    long approve(String projectId, String workspaceId, String sha256, String approvedBy);

    @Query("""
            DELETE FROM proxy_file_approval
            WHERE project_id = :projectId AND workspace_id = :workspaceId AND sha256 = :sha256
            """)
    long disapprove(String projectId, String workspaceId, String sha256);

    @Query("DELETE FROM egress_session WHERE session_id = :sessionId")
    long remove(String sessionId);

    /** The hosts that users allowed; bounded, since each was a click. */
    @Query("""
            SELECT host FROM egress_allowed
            WHERE session_id = :sessionId AND project_id = :projectId
            ORDER BY host
            LIMIT 1000
            """)
    List<String> findAllowedHosts(String sessionId, String projectId);

    /** The same with who allowed them when, a page at a time. */
    @Query("""
            SELECT host, allowed_by, allowed_at FROM egress_allowed
            WHERE session_id = :sessionId AND project_id = :projectId AND host COLLATE "C" > :after
            ORDER BY host COLLATE "C"
            LIMIT :limit
            """)
    List<AllowedHostRow> findAllowedPage(String sessionId, String projectId, String after, int limit);

    @Query("DELETE FROM egress_allowed WHERE session_id = :sessionId AND project_id = :projectId AND host = :host")
    long disallow(String sessionId, String projectId, String host);

    @Query("""
            INSERT INTO egress_allowed (session_id, project_id, host, allowed_by)
            VALUES (:sessionId, :projectId, :host, :allowedBy)
            ON CONFLICT (session_id, host) DO NOTHING
            """)
    long allow(String sessionId, String projectId, String host, String allowedBy);
}
