package dev.slipway.container.lifecycle;

import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxSpec;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of wanted sandboxes. Every write of a result names the generation that it is of. */
@Singleton
public class SandboxStore {
    private static final String COLUMNS = """
            session_id, project_id, workspace_id, generation, desired, spec, state, phase, progress, message, container_id,
            image, image_digest, reason, exit_code, out_of_memory, last_activity, agent_seq, wanted_at,
            newest_image
            """;

    private final JdbcOperations jdbc;
    private final ObjectMapper json;

    SandboxStore(JdbcOperations jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The session's row, whatever its project: callers that act for a user compare that themselves. */
    @Transactional
    public Optional<WantedSandbox> find(String sessionId) {
        return select("SELECT " + COLUMNS + " FROM sandbox WHERE session_id = ?", sessionId).stream()
                .findFirst();
    }

    /** Rows whose sandbox may exist, ordered by session; at most {@code limit} after {@code after}. */
    @Transactional
    public List<WantedSandbox> findLive(String after, int limit) {
        return select(
                "SELECT " + COLUMNS
                        + " FROM sandbox WHERE state <> 'removed' AND session_id > ? ORDER BY session_id LIMIT "
                        + limit,
                after);
    }

    /** As {@link #findLive(String, int)}, of one project. */
    @Transactional
    public List<WantedSandbox> findLive(String projectId, String after, int limit) {
        return select(
                "SELECT " + COLUMNS
                        + " FROM sandbox WHERE state <> 'removed' AND project_id = ? AND session_id > ? ORDER BY session_id LIMIT "
                        + limit,
                projectId,
                after);
    }

    /** Whether the wish is still the newest and its sandbox still to be made. */
    @Transactional
    public boolean isPreparing(String sessionId, long generation) {
        String sql = "SELECT 1 FROM sandbox WHERE session_id = ? AND generation = ? AND state = 'preparing'";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, sessionId);
            select.setLong(2, generation);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        });
    }

    /**
     * Writes down a wish, unless it is not newer than the one that is there or belongs to another project.
     *
     * @return whether it was written
     */
    boolean want(
            String sessionId,
            String projectId,
            String workspaceId,
            long generation,
            Desired desired,
            @Nullable SandboxSpec spec,
            SandboxState first) {
        int written = jdbc.prepareStatement("""
                INSERT INTO sandbox (session_id, project_id, workspace_id, generation, desired, spec, state)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (session_id) DO UPDATE
                SET generation = EXCLUDED.generation, desired = EXCLUDED.desired,
                    spec = coalesce(EXCLUDED.spec, sandbox.spec), state = EXCLUDED.state, phase = NULL, progress = NULL,
                    message = NULL, reason = NULL, exit_code = NULL, out_of_memory = false, last_activity = now(),
                    cpus = NULL, memory_bytes = NULL, disk_bytes = NULL, pids = NULL,
                    wanted_at = now(), updated_at = now()
                WHERE sandbox.generation < EXCLUDED.generation AND sandbox.project_id = EXCLUDED.project_id
                """, insert -> {
            insert.setString(1, sessionId);
            insert.setString(2, projectId);
            insert.setString(3, workspaceId);
            insert.setLong(4, generation);
            insert.setString(5, desired.name());
            insert.setString(6, spec == null ? null : write(spec));
            insert.setString(7, first.word());
            return insert.executeUpdate();
        });
        return written == 1;
    }

    /** Writes a state if the generation is the newest and its present state is one of {@code from}; whether it did. */
    boolean become(String sessionId, long generation, SandboxState state, List<String> from) {
        int written = jdbc.prepareStatement("""
                UPDATE sandbox
                SET state = ?, phase = ?, progress = ?, message = ?, container_id = coalesce(?, container_id),
                    image = coalesce(?, image), image_digest = coalesce(?, image_digest), reason = ?, exit_code = ?,
                    out_of_memory = ?, updated_at = now(),
                    last_activity = CASE WHEN ? = 'ready' THEN now() ELSE last_activity END
                WHERE session_id = ? AND generation = ? AND state = ANY (?)
                """, update -> {
            bind(update, state);
            update.setString(11, state.word());
            update.setString(12, sessionId);
            update.setLong(13, generation);
            update.setArray(14, update.getConnection().createArrayOf("text", from.toArray()));
            return update.executeUpdate();
        });
        return written == 1;
    }

    /** Takes a ready sandbox out of use, unless somebody has used it since it was read; whether it did. */
    boolean retire(WantedSandbox sandbox) {
        int written = jdbc.prepareStatement("""
                UPDATE sandbox SET state = 'stopped', reason = 'idle', updated_at = now()
                WHERE session_id = ? AND generation = ? AND state = 'ready' AND last_activity = ?
                """, update -> {
            update.setString(1, sandbox.sessionId());
            update.setLong(2, sandbox.generation());
            update.setTimestamp(3, Timestamp.from(sandbox.lastActivity()));
            return update.executeUpdate();
        });
        return written == 1;
    }

    /** Notes that the sandbox is used; at most one write in five seconds. */
    @Transactional
    public void touch(String sessionId) {
        jdbc.prepareStatement("""
                UPDATE sandbox SET last_activity = now()
                WHERE session_id = ? AND last_activity < now() - interval '5 seconds'
                """, update -> {
            update.setString(1, sessionId);
            return update.executeUpdate();
        });
    }

    /** Notes where the agent's journal is; if it has moved, the sandbox was used since the last look. */
    @Transactional
    public void noteJournal(String sessionId, long seq, boolean inTurn) {
        jdbc.prepareStatement("""
                UPDATE sandbox SET agent_seq = ?, last_activity = now()
                WHERE session_id = ? AND (agent_seq <> ? OR ?)
                """, update -> {
            update.setLong(1, seq);
            update.setString(2, sessionId);
            update.setLong(3, seq);
            update.setBoolean(4, inTurn);
            return update.executeUpdate();
        });
    }

    /** Ready sandboxes that have run for as long as they may; the session's own time wins over its project's. */
    @Transactional
    public List<String> findExpired(long ttlSecondsDefault, int limit) {
        return jdbc.prepareStatement("""
                SELECT s.session_id
                FROM sandbox s
                LEFT JOIN project_limits l USING (project_id)
                WHERE s.state = 'ready'
                  AND s.wanted_at + nullif(coalesce(
                          (s.spec::jsonb #>> '{limits,ttlSeconds}')::bigint, l.ttl_seconds, ?), 0)
                      * interval '1 second' < now()
                ORDER BY s.wanted_at
                LIMIT ?
                """, select -> {
            select.setLong(1, ttlSecondsDefault);
            select.setInt(2, limit);
            return texts(select);
        });
    }

    /** Notes what a sandbox uses. */
    @Transactional
    public void noteUsage(String sessionId, double cpuSeconds, long memoryBytes, @Nullable Long diskBytes) {
        jdbc.prepareStatement("""
                UPDATE sandbox SET used_cpu = ?, used_memory = ?, used_disk = ?, used_at = now() WHERE session_id = ?
                """, update -> {
            update.setDouble(1, cpuSeconds);
            update.setLong(2, memoryBytes);
            update.setObject(3, diskBytes);
            update.setString(4, sessionId);
            return update.executeUpdate();
        });
    }

    /** What the sandbox was seen to use last; empty before the first look. */
    @Transactional
    public Optional<UsageView> usage(String sessionId) {
        String sql =
                "SELECT used_cpu, used_memory, used_disk, used_at FROM sandbox WHERE session_id = ? AND used_at IS NOT NULL";
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, sessionId);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new UsageView(
                                row.getDouble("used_cpu"),
                                row.getLong("used_memory"),
                                row.getObject("used_disk", Long.class),
                                row.getTimestamp("used_at").toInstant()))
                        : Optional.empty();
            }
        });
    }

    /** Notes that a newer image is there, or with null that it is not; whether that is new. */
    boolean noteNewest(String sessionId, @Nullable String newest) {
        int written = jdbc.prepareStatement("""
                UPDATE sandbox SET newest_image = ? WHERE session_id = ? AND newest_image IS DISTINCT FROM ?
                """, update -> {
            update.setString(1, newest);
            update.setString(2, sessionId);
            update.setString(3, newest);
            return update.executeUpdate();
        });
        return written == 1;
    }

    /** Forgets rows of sandboxes that were removed longer ago; how many. */
    @Transactional
    public int purge(long seconds) {
        String sql = "DELETE FROM sandbox WHERE state = 'removed' AND updated_at < now() - ? * interval '1 second'";
        return jdbc.prepareStatement(sql, delete -> {
            delete.setLong(1, seconds);
            return delete.executeUpdate();
        });
    }

    /** Ready sandboxes whose idle time is over by the database's clock; the spec's limit wins over the default. */
    @Transactional
    public List<String> findIdle(long idleSecondsDefault, int limit) {
        return jdbc.prepareStatement("""
                SELECT session_id FROM sandbox
                WHERE state = 'ready'
                  AND last_activity + coalesce((spec::jsonb #>> '{limits,idleTimeoutSeconds}')::bigint, ?)
                      * interval '1 second' < now()
                ORDER BY last_activity
                LIMIT ?
                """, select -> {
            select.setLong(1, idleSecondsDefault);
            select.setInt(2, limit);
            return texts(select);
        });
    }

    /** Sessions with work to do and no job that does it. */
    @Transactional
    public List<String> findForgotten(String jobKind, int limit) {
        return jdbc.prepareStatement("""
                SELECT session_id FROM sandbox
                WHERE state IN ('preparing', 'stopping', 'removing')
                  AND NOT EXISTS (
                      SELECT 1 FROM job WHERE kind = ? AND key = sandbox.session_id AND state = 'queued')
                LIMIT ?
                """, select -> {
            select.setString(1, jobKind);
            select.setInt(2, limit);
            return texts(select);
        });
    }

    private static List<String> texts(PreparedStatement select) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private List<WantedSandbox> select(String sql, String... parameters) {
        return jdbc.prepareStatement(sql, select -> {
            for (int i = 0; i < parameters.length; i++) {
                select.setString(i + 1, parameters[i]);
            }
            List<WantedSandbox> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(SandboxRows.read(row, this::read));
                }
            }
            return found;
        });
    }

    private static void bind(PreparedStatement update, SandboxState state) throws SQLException {
        update.setString(1, state.word());
        for (int column = 2; column <= 9; column++) {
            update.setObject(column, null);
        }
        update.setBoolean(10, false);
        switch (state) {
            case SandboxState.Preparing(String phase, Integer progress, String message) -> {
                update.setString(2, phase);
                update.setObject(3, progress);
                update.setString(4, message);
            }
            case SandboxState.Ready(String containerId, String image, String digest) -> {
                update.setString(5, containerId);
                update.setString(6, image);
                update.setString(7, digest);
            }
            case SandboxState.Stopped(String reason) -> update.setString(8, reason);
            case SandboxState.Failed(String reason, Integer exitCode, boolean outOfMemory) -> {
                update.setString(8, reason);
                update.setObject(9, exitCode);
                update.setBoolean(10, outOfMemory);
            }
            case SandboxState.Stopping _, SandboxState.Removing _, SandboxState.Removed _ -> {
                // Their word says it all.
            }
        }
    }

    private String write(SandboxSpec spec) {
        try {
            return json.writeValueAsString(spec);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a sandbox's spec", e);
        }
    }

    private SandboxSpec read(String text) {
        try {
            return json.readValue(text, SandboxSpec.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a sandbox's spec", e);
        }
    }
}
