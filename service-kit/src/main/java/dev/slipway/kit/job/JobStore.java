package dev.slipway.kit.job;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** The table of jobs. Leases run by the database's clock alone; every write of a result names the fence. */
@Singleton
class JobStore {
    static final Duration LEASE = Duration.ofSeconds(30);

    private final JdbcOperations jdbc;
    private final String owner = UUID.randomUUID().toString();

    JobStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes due jobs. One in hand is due never by itself; queued again meanwhile, it is due when that says. */
    @Transactional
    public List<Job> take(Collection<String> kinds, int limit) {
        return jdbc.prepareStatement("""
                UPDATE job
                SET owner = ?, lease_until = now() + interval '30 seconds', fence = fence + 1, attempt = attempt + 1,
                    run_at = 'infinity'
                WHERE (kind, key) IN (
                    SELECT kind, key FROM job
                    WHERE state = 'queued' AND kind = ANY (?)
                      AND ((lease_until IS NULL AND run_at <= now()) OR lease_until < now())
                    ORDER BY run_at
                    LIMIT ?
                    FOR UPDATE SKIP LOCKED)
                RETURNING kind, key, payload, revision, fence, attempt
                """, take -> {
            take.setString(1, owner);
            take.setArray(2, take.getConnection().createArrayOf("text", kinds.toArray()));
            take.setInt(3, limit);
            List<Job> jobs = new ArrayList<>();
            try (ResultSet row = take.executeQuery()) {
                while (row.next()) {
                    jobs.add(new Job(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getInt(6)));
                }
            }
            return jobs;
        });
    }

    /** Whether the lease is still ours; it is longer by then. */
    @Transactional
    public boolean renew(Job job) {
        return update(
                        "UPDATE job SET lease_until = now() + interval '30 seconds' WHERE kind = ? AND key = ? AND fence = ?",
                        job)
                == 1;
    }

    /** The job is done, unless it was queued again meanwhile: then it is to run once more. */
    @Transactional
    public void done(Job job) {
        int deleted = jdbc.prepareStatement(
                "DELETE FROM job WHERE kind = ? AND key = ? AND fence = ? AND revision = ?", delete -> {
                    delete.setString(1, job.kind());
                    delete.setString(2, job.key());
                    delete.setLong(3, job.fence());
                    delete.setLong(4, job.revision());
                    return delete.executeUpdate();
                });
        if (deleted == 0) {
            update("UPDATE job SET lease_until = NULL, attempt = 0 WHERE kind = ? AND key = ? AND fence = ?", job);
        }
    }

    @Transactional
    public void again(Job job, Duration after, boolean failed, String error) {
        jdbc.prepareStatement("""
                UPDATE job
                SET lease_until = NULL, last_error = nullif(?, ''), attempt = attempt - ?,
                    run_at = least(run_at, now() + ? * interval '1 millisecond')
                WHERE kind = ? AND key = ? AND fence = ?
                """, update -> {
            update.setString(1, error);
            update.setInt(2, failed ? 0 : 1);
            update.setLong(3, after.toMillis());
            update.setString(4, job.kind());
            update.setString(5, job.key());
            update.setLong(6, job.fence());
            return update.executeUpdate();
        });
    }

    /** The job is given up, unless it was queued again meanwhile: that is a new start. */
    @Transactional
    public void bury(Job job, String error) {
        jdbc.prepareStatement("""
                UPDATE job
                SET state = CASE WHEN revision = ? THEN 'dead' ELSE state END, lease_until = NULL, last_error = ?
                WHERE kind = ? AND key = ? AND fence = ?
                """, update -> {
            update.setLong(1, job.revision());
            update.setString(2, error);
            update.setString(3, job.kind());
            update.setString(4, job.key());
            update.setLong(5, job.fence());
            return update.executeUpdate();
        });
    }

    private int update(String sql, Job job) {
        return jdbc.prepareStatement(sql, update -> {
            update.setString(1, job.kind());
            update.setString(2, job.key());
            update.setLong(3, job.fence());
            return update.executeUpdate();
        });
    }
}
