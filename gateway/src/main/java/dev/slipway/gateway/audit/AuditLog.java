package dev.slipway.gateway.audit;

import dev.slipway.contracts.gateway.AuditRecord;
import dev.slipway.gateway.sql.Database;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The log itself: rows are added and read. What is added is also to be published, which {@link AuditRelay} does. */
@Singleton
public class AuditLog {
    private final Database database;
    private final AuditRelay relay;

    AuditLog(Database database, AuditRelay relay) {
        this.database = database;
        this.relay = relay;
    }

    /** A record at its place in the log. */
    record Placed(long position, AuditRecord entry) {}

    /** What of the log is wanted; null for any. */
    record Wanted(
            @Nullable String actorId,
            @Nullable String projectId,
            @Nullable String action,
            @Nullable String outcome,
            @Nullable Instant since,
            @Nullable Instant until) {}

    /** Adds records, all or none. */
    @Transactional
    void append(List<AuditRecord> records) {
        for (AuditRecord entry : records) {
            database.change(
                    """
                    WITH added AS (
                        INSERT INTO audit_entry (id, at, actor_id, actor_name, proof, action, target, project_id, address,
                                                 outcome, status, request_id)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING position)
                    INSERT INTO audit_unpublished (position) SELECT position FROM added
                    """,
                    UUID.fromString(entry.id()),
                    entry.at(),
                    entry.actorId(),
                    entry.actorName(),
                    entry.proof(),
                    entry.action(),
                    entry.target(),
                    entry.projectId(),
                    entry.address(),
                    entry.outcome(),
                    entry.status(),
                    entry.requestId());
        }
        relay.wake();
    }

    /** Newest first, those before a position. */
    @Transactional
    List<Placed> before(long position, Wanted wanted, int limit) {
        return select("position < ?", "DESC", position, wanted, limit);
    }

    /** Oldest first, those after a position; to read the whole log in pieces. */
    @Transactional
    List<Placed> after(long position, Wanted wanted, int limit) {
        return select("position > ?", "ASC", position, wanted, limit);
    }

    private List<Placed> select(String from, String order, long position, Wanted wanted, int limit) {
        return database.list(
                "SELECT * FROM audit_entry WHERE " + from
                        + " AND (?::text IS NULL OR actor_id = ?) AND (?::text IS NULL OR project_id = ?)"
                        + " AND (?::text IS NULL OR action = ?) AND (?::text IS NULL OR outcome = ?)"
                        + " AND (?::timestamptz IS NULL OR at >= ?) AND (?::timestamptz IS NULL OR at < ?)"
                        + " ORDER BY position " + order + " LIMIT ?",
                AuditLog::read,
                position,
                wanted.actorId(),
                wanted.actorId(),
                wanted.projectId(),
                wanted.projectId(),
                wanted.action(),
                wanted.action(),
                wanted.outcome(),
                wanted.outcome(),
                wanted.since(),
                wanted.since(),
                wanted.until(),
                wanted.until(),
                limit);
    }

    static Placed read(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        @Nullable Integer answered = row.wasNull() ? null : status;
        return new Placed(
                row.getLong("position"),
                new AuditRecord(
                        row.getString("id"),
                        Objects.requireNonNull(Database.instant(row, "at")),
                        row.getString("actor_id"),
                        row.getString("actor_name"),
                        row.getString("proof"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("project_id"),
                        row.getString("address"),
                        row.getString("outcome"),
                        answered,
                        row.getString("request_id")));
    }
}
