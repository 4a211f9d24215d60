package dev.slipway.credential.usage;

import dev.slipway.contracts.mitm.EgressRecord;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of uses. A batch of records is a few statements, however many they are. */
@Singleton
class UseStore {
    /** Longer than the topic keeps a record, so that no record comes again after it was forgotten here. */
    private static final String REMEMBERED_FOR = "8 days";

    private final JdbcOperations jdbc;

    UseStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** What one session did with a credential. */
    record Use(String sessionId, long useCount, Instant firstUsedAt, Instant lastUsedAt) {}

    /**
     * Counts these records, each once whenever and however often it comes. A record that names another project's credential, or
     * one that is gone, counts for nothing.
     */
    @Transactional
    public void count(List<EgressRecord> records) {
        List<String[]> uses = new ArrayList<>();
        List<Timestamp> times = new ArrayList<>();
        for (EgressRecord record : records) {
            for (String credential : record.credentialIds()) {
                uses.add(new String[] {record.id(), record.projectId(), record.sessionId(), credential});
                times.add(Timestamp.from(record.time()));
            }
        }
        if (uses.isEmpty()) {
            return;
        }
        // Locks are taken in one order by every replica: the rows of both tables by id.
        String sql = """
                WITH sent AS (
                    SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                        AS s (record_id, project_id, session_id, credential_id, used_at)),
                fresh AS (
                    INSERT INTO egress_seen (record_id) SELECT DISTINCT record_id FROM sent ORDER BY record_id
                    ON CONFLICT DO NOTHING RETURNING record_id),
                counted AS (
                    SELECT DISTINCT record_id, s.session_id, s.credential_id, s.used_at
                    FROM sent s JOIN fresh USING (record_id)
                    JOIN credential c ON c.id = s.credential_id AND c.project_id = s.project_id),
                totals AS (
                    INSERT INTO credential_usage AS u (credential_id, use_count, last_used_at)
                    SELECT credential_id, count(*), max(used_at) FROM counted GROUP BY credential_id ORDER BY credential_id
                    ON CONFLICT (credential_id) DO UPDATE
                    SET use_count = u.use_count + EXCLUDED.use_count,
                        last_used_at = greatest(u.last_used_at, EXCLUDED.last_used_at))
                INSERT INTO credential_use AS u (credential_id, session_id, use_count, first_used_at, last_used_at)
                SELECT credential_id, session_id, count(*), min(used_at), max(used_at) FROM counted
                GROUP BY credential_id, session_id ORDER BY credential_id, session_id
                ON CONFLICT (credential_id, session_id) DO UPDATE
                SET use_count = u.use_count + EXCLUDED.use_count,
                    first_used_at = least(u.first_used_at, EXCLUDED.first_used_at),
                    last_used_at = greatest(u.last_used_at, EXCLUDED.last_used_at)
                """;
        jdbc.prepareStatement(sql, insert -> {
            Connection connection = insert.getConnection();
            for (int column = 0; column < 4; column++) {
                int of = column;
                insert.setArray(
                        column + 1,
                        connection.createArrayOf(
                                "text", uses.stream().map(use -> use[of]).toArray()));
            }
            insert.setArray(5, connection.createArrayOf("timestamptz", times.toArray()));
            return insert.executeUpdate();
        });
    }

    /**
     * The sessions that used a credential, the latest first, at most {@code limit} after a position.
     *
     * @param after the last use in microseconds since 1970 and the session's id; null for the first ones
     */
    @Transactional
    public List<Use> list(String credentialId, @Nullable Position after, int limit) {
        String sql = """
                SELECT session_id, use_count, first_used_at, last_used_at FROM credential_use
                WHERE credential_id = ? AND (last_used_at, session_id) < (?, ?)
                ORDER BY last_used_at DESC, session_id DESC LIMIT ?
                """;
        return jdbc.prepareStatement(sql, select -> {
            select.setString(1, credentialId);
            select.setTimestamp(2, after == null ? new Timestamp(Long.MAX_VALUE / 100_000) : after.timestamp());
            select.setString(3, after == null ? "" : after.sessionId());
            select.setInt(4, limit);
            return read(select);
        });
    }

    /** Where a list goes on. */
    record Position(Instant lastUsedAt, String sessionId) {
        private Timestamp timestamp() {
            return Timestamp.from(lastUsedAt);
        }
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "5m")
    @Transactional
    public void forget() {
        jdbc.prepareStatement(
                "DELETE FROM egress_seen WHERE seen_at < now() - interval '" + REMEMBERED_FOR + "'",
                PreparedStatement::executeUpdate);
    }

    private static List<Use> read(PreparedStatement select) throws SQLException {
        List<Use> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new Use(
                        row.getString(1),
                        row.getLong(2),
                        row.getTimestamp(3).toInstant(),
                        row.getTimestamp(4).toInstant()));
            }
        }
        return found;
    }
}
