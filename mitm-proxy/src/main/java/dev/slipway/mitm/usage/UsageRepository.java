package dev.slipway.mitm.usage;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.contracts.mitm.Usage;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sums of usage. */
@Singleton
class UsageRepository {
    private final JdbcOperations jdbc;

    UsageRepository(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds one answer's usage to the sums of its session, day and model. */
    @Transactional
    void add(EgressRecord record, Usage usage) {
        jdbc.prepareStatement("""
                INSERT INTO usage_total AS t (project_id, session_id, day, model, calls, unpriced, input_tokens, output_tokens, cost_usd)
                VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)
                ON CONFLICT (project_id, day, session_id, model) DO UPDATE
                SET calls = t.calls + 1, unpriced = t.unpriced + excluded.unpriced,
                    input_tokens = t.input_tokens + excluded.input_tokens,
                    output_tokens = t.output_tokens + excluded.output_tokens, cost_usd = t.cost_usd + excluded.cost_usd
                """, insert -> {
            Double cost = usage.costUsd();
            insert.setString(1, record.projectId());
            insert.setString(2, record.sessionId());
            insert.setObject(3, LocalDate.ofInstant(record.time(), ZoneOffset.UTC));
            insert.setString(4, usage.model());
            insert.setInt(5, cost == null ? 1 : 0);
            insert.setLong(6, usage.inputTokens());
            insert.setLong(7, usage.outputTokens());
            insert.setBigDecimal(8, cost == null ? BigDecimal.ZERO : BigDecimal.valueOf(cost));
            return insert.executeUpdate();
        });
    }

    /** Notes that a spent budget is told; true only for the first of its session and hour. */
    @Transactional
    boolean firstOfItsHour(EgressRecord refused) {
        return jdbc.prepareStatement("""
                INSERT INTO budget_told (session_id, hour) VALUES (?, ?)
                ON CONFLICT (session_id, hour) DO NOTHING
                """, insert -> {
            insert.setString(1, refused.sessionId());
            insert.setTimestamp(2, Timestamp.from(refused.time().truncatedTo(ChronoUnit.HOURS)));
            return insert.executeUpdate() == 1;
        });
    }

    /** A project's sums between two days, both included, in the order of the group's key. */
    @Transactional(readOnly = true)
    List<UsageLine> find(
            String projectId, LocalDate from, LocalDate to, UsageGroup group, @Nullable String after, int limit) {
        return jdbc.prepareStatement("""
                SELECT %1$s AS key, sum(calls) AS calls, sum(unpriced) AS unpriced, sum(input_tokens) AS input_tokens,
                       sum(output_tokens) AS output_tokens, sum(cost_usd) AS cost_usd
                FROM usage_total
                WHERE project_id = ? AND day BETWEEN ? AND ? AND (?::text IS NULL OR (%1$s) COLLATE "C" > ?::text)
                GROUP BY 1
                ORDER BY (%1$s) COLLATE "C"
                LIMIT ?
                """.formatted(group.sql), select -> {
            select.setString(1, projectId);
            select.setObject(2, from);
            select.setObject(3, to);
            select.setString(4, after);
            select.setString(5, after);
            select.setInt(6, limit);
            try (ResultSet found = select.executeQuery()) {
                List<UsageLine> lines = new ArrayList<>();
                while (found.next()) {
                    UsageLine sums = new UsageLine(
                            null,
                            null,
                            null,
                            found.getLong("calls"),
                            found.getLong("unpriced"),
                            found.getLong("input_tokens"),
                            found.getLong("output_tokens"),
                            found.getBigDecimal("cost_usd"));
                    lines.add(group.line(found.getString("key"), sums));
                }
                return lines;
            }
        });
    }
}
