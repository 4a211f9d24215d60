package dev.slipway.mitm.egress;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.contracts.mitm.Usage;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The egress log's table. */
@Singleton
class EgressRepository {
    private final JdbcOperations jdbc;

    EgressRepository(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Stores records in one round trip. */
    @Transactional
    void insert(List<EgressRecord> records) {
        jdbc.prepareStatement("""
                INSERT INTO egress_record (id, project_id, session_id, time, scheme, host, port, method, path, decision, rule,
                                           status, bytes_up, bytes_down, duration_millis, model, input_tokens, output_tokens,
                                           credential_ids, cost_usd)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, insert -> {
            for (EgressRecord record : records) {
                bind(insert, record);
                insert.addBatch();
            }
            return insert.executeBatch();
        });
    }

    /** Notes that a refusal is told; true only for the first of its session, host and minute. */
    @Transactional
    boolean firstOfItsMinute(EgressRecord refused) {
        return jdbc.prepareStatement("""
                INSERT INTO egress_blocked (session_id, host, minute) VALUES (?, ?, ?)
                ON CONFLICT (session_id, host, minute) DO NOTHING
                """, insert -> {
            insert.setString(1, refused.sessionId());
            insert.setString(2, refused.host());
            insert.setTimestamp(3, Timestamp.from(refused.time().truncatedTo(ChronoUnit.MINUTES)));
            return insert.executeUpdate() == 1;
        });
    }

    /** A session's records, newest first. */
    @Transactional(readOnly = true)
    List<EgressRow> find(
            String projectId,
            String sessionId,
            @Nullable Instant since,
            @Nullable String decision,
            long before,
            int limit) {
        return jdbc.prepareStatement("""
                SELECT * FROM egress_record
                WHERE project_id = ? AND session_id = ? AND position < ?
                  AND (?::timestamptz IS NULL OR time >= ?::timestamptz)
                  AND (?::text IS NULL OR decision = ?::text)
                ORDER BY position DESC
                LIMIT ?
                """, select -> {
            select.setString(1, projectId);
            select.setString(2, sessionId);
            select.setLong(3, before);
            Timestamp from = since == null ? null : Timestamp.from(since);
            select.setTimestamp(4, from);
            select.setTimestamp(5, from);
            select.setString(6, decision);
            select.setString(7, decision);
            select.setInt(8, limit);
            try (ResultSet found = select.executeQuery()) {
                List<EgressRow> rows = new ArrayList<>();
                while (found.next()) {
                    rows.add(row(found));
                }
                return rows;
            }
        });
    }

    /** Removes what is older; a part at a time, so that no transaction is long. Gives how many. */
    @Transactional
    int removeBefore(Instant time, int limit) {
        int notes = jdbc.prepareStatement("DELETE FROM egress_blocked WHERE minute < ?", delete -> {
            delete.setTimestamp(1, Timestamp.from(time));
            return delete.executeUpdate();
        });
        int records = jdbc.prepareStatement("""
                DELETE FROM egress_record WHERE position IN (
                    SELECT position FROM egress_record WHERE time < ? ORDER BY time LIMIT ?)
                """, delete -> {
            delete.setTimestamp(1, Timestamp.from(time));
            delete.setInt(2, limit);
            return delete.executeUpdate();
        });
        return Math.max(notes > 0 ? 1 : 0, records);
    }

    private static void bind(PreparedStatement insert, EgressRecord record) throws SQLException {
        Usage usage = record.usage();
        insert.setObject(1, UUID.fromString(record.id()));
        insert.setString(2, record.projectId());
        insert.setString(3, record.sessionId());
        insert.setTimestamp(4, Timestamp.from(record.time()));
        insert.setString(5, record.scheme());
        insert.setString(6, record.host());
        insert.setInt(7, record.port());
        insert.setString(8, record.method());
        insert.setString(9, record.path());
        insert.setString(10, record.decision());
        insert.setString(11, record.rule());
        insert.setObject(12, record.status(), Types.INTEGER);
        insert.setLong(13, record.bytesUp());
        insert.setLong(14, record.bytesDown());
        insert.setLong(15, record.durationMillis());
        insert.setString(16, usage == null ? null : usage.model());
        insert.setObject(17, usage == null ? null : usage.inputTokens(), Types.BIGINT);
        insert.setObject(18, usage == null ? null : usage.outputTokens(), Types.BIGINT);
        insert.setArray(
                19,
                insert.getConnection()
                        .createArrayOf("text", record.credentialIds().toArray()));
        insert.setObject(20, usage == null ? null : usage.costUsd(), Types.DOUBLE);
    }

    private static EgressRow row(ResultSet row) throws SQLException {
        String model = row.getString("model");
        Integer status = row.getObject("status", Integer.class);
        BigDecimal cost = row.getBigDecimal("cost_usd");
        return new EgressRow(
                row.getLong("position"),
                new EgressRecord(
                        row.getString("id"),
                        row.getString("project_id"),
                        row.getString("session_id"),
                        row.getTimestamp("time").toInstant(),
                        row.getString("scheme"),
                        row.getString("host"),
                        row.getInt("port"),
                        row.getString("method"),
                        row.getString("path"),
                        row.getString("decision"),
                        row.getString("rule"),
                        status,
                        row.getLong("bytes_up"),
                        row.getLong("bytes_down"),
                        row.getLong("duration_millis"),
                        model == null
                                ? null
                                : new Usage(
                                        model,
                                        row.getLong("input_tokens"),
                                        row.getLong("output_tokens"),
                                        cost == null ? null : cost.doubleValue()),
                        List.of((String[]) row.getArray("credential_ids").getArray())));
    }
}
