package dev.slipway.container.limits;

import dev.slipway.contracts.gateway.ProjectLimits;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** The projects' limits, and the promises to their sandboxes. */
@Singleton
public class ProjectShares {
    private static final double MEBIBYTE = 1024.0 * 1024;

    private final JdbcOperations jdbc;

    ProjectShares(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Keeps a project's limits, unless newer ones are known. */
    @Transactional
    public void limit(String projectId, ProjectLimits limits, long seq) {
        jdbc.prepareStatement("""
                INSERT INTO project_limits (project_id, cpus, memory_bytes, disk_bytes, pids, ttl_seconds, seq)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (project_id) DO UPDATE
                SET cpus = EXCLUDED.cpus, memory_bytes = EXCLUDED.memory_bytes, disk_bytes = EXCLUDED.disk_bytes,
                    pids = EXCLUDED.pids, ttl_seconds = EXCLUDED.ttl_seconds, seq = EXCLUDED.seq, updated_at = now()
                WHERE project_limits.seq < EXCLUDED.seq
                """, upsert -> {
            upsert.setString(1, projectId);
            upsert.setObject(2, limits.cpus());
            upsert.setObject(3, limits.memoryBytes());
            upsert.setObject(4, limits.diskBytes());
            upsert.setObject(5, limits.pids());
            upsert.setObject(6, limits.ttlSeconds());
            upsert.setLong(7, seq);
            return upsert.executeUpdate();
        });
    }

    /**
     * Promises a sandbox its share; the same again changes nothing.
     *
     * @throws LimitReachedException if a limit of the project leaves no room for it
     */
    @Transactional
    public void promise(String projectId, String sessionId, long generation, Share share) {
        jdbc.prepareStatement("SELECT pg_advisory_xact_lock(hashtext('shares ' || ?))", lock -> {
            lock.setString(1, projectId);
            return lock.execute();
        });
        requireRoom(projectId, sessionId, share);
        jdbc.prepareStatement("""
                UPDATE sandbox SET cpus = ?, memory_bytes = ?, disk_bytes = ?, pids = ?
                WHERE session_id = ? AND generation = ?
                """, update -> {
            update.setDouble(1, share.cpus());
            update.setLong(2, share.memoryBytes());
            update.setLong(3, share.diskBytes());
            update.setInt(4, share.pids());
            update.setString(5, sessionId);
            update.setLong(6, generation);
            return update.executeUpdate();
        });
    }

    /**
     * Looks whether a sandbox would have its share now, beside the project's others.
     *
     * @throws LimitReachedException if a limit of the project leaves no room for it
     */
    @Transactional
    public void requireRoom(String projectId, String sessionId, Share share) {
        jdbc.prepareStatement("""
                SELECT l.cpus AS cpus_max, l.memory_bytes AS memory_max, l.disk_bytes AS disk_max, l.pids AS pids_max,
                       coalesce(sum(s.cpus), 0) AS cpus, coalesce(sum(s.memory_bytes), 0) AS memory,
                       coalesce(sum(s.disk_bytes), 0) AS disk, coalesce(sum(s.pids), 0) AS pids
                FROM project_limits l
                LEFT JOIN sandbox s ON s.project_id = l.project_id AND s.session_id <> ? AND s.cpus IS NOT NULL
                    AND s.state IN ('preparing', 'ready', 'stopping')
                WHERE l.project_id = ?
                GROUP BY l.project_id
                """, select -> {
            select.setString(1, sessionId);
            select.setString(2, projectId);
            check(select, share);
            return true;
        });
    }

    private static void check(PreparedStatement select, Share share) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            if (row.next()) {
                check(row, "cpus", "CPUs", share.cpus(), 1, "");
                check(row, "memory", "memory", (double) share.memoryBytes(), MEBIBYTE, " MiB");
                check(row, "disk", "disk", (double) share.diskBytes(), MEBIBYTE, " MiB");
                check(row, "pids", "processes", share.pids(), 1, "");
            }
        }
    }

    private static void check(ResultSet row, String column, String name, double wanted, double unit, String unitName)
            throws SQLException {
        double allowed = row.getDouble(column + "_max");
        if (row.wasNull()) {
            return;
        }
        double used = row.getDouble(column);
        if (used + wanted > allowed + 1e-9) {
            throw new LimitReachedException(
                    name,
                    inWords(allowed / unit, unitName),
                    inWords(used / unit, unitName),
                    inWords(wanted / unit, unitName));
        }
    }

    private static String inWords(double value, String unit) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value) + unit;
    }
}
