package dev.slipway.kit.outbox;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The outbox's tables. Leases run by the database's clock alone. */
@Singleton
class OutboxStore {
    private final JdbcOperations jdbc;
    private final String owner = UUID.randomUUID().toString();

    OutboxStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Renews the lanes that are ours and takes those that nobody holds. */
    @Transactional
    public List<Short> takeLanes() {
        return jdbc.prepareStatement("""
                UPDATE outbox_lane
                SET fence = fence + CASE WHEN owner = ? THEN 0 ELSE 1 END, owner = ?, lease_until = now() + interval '10 seconds'
                WHERE lane IN (
                    SELECT lane FROM outbox_lane WHERE owner = ? OR lease_until < now()
                    ORDER BY lane FOR UPDATE SKIP LOCKED)
                RETURNING lane
                """, take -> {
            take.setString(1, owner);
            take.setString(2, owner);
            take.setString(3, owner);
            List<Short> lanes = new ArrayList<>();
            try (ResultSet rows = take.executeQuery()) {
                while (rows.next()) {
                    lanes.add(rows.getShort(1));
                }
            }
            return lanes;
        });
    }

    /**
     * The oldest rows of these lanes. A subject's rows are in the order of its {@code seq}: a later position of the same
     * subject is taken under the lock that the earlier one's transaction held to its commit.
     */
    @Transactional(readOnly = true)
    public List<OutboxRow> unpublished(List<Short> lanes, int limit) {
        return jdbc.prepareStatement("""
                SELECT position, id, project_id, subject, seq, type, data, traceparent, created_at
                FROM outbox
                WHERE published_at IS NULL AND lane = ANY (?)
                ORDER BY position
                LIMIT ?
                """, select -> {
            Array mine = select.getConnection().createArrayOf("smallint", lanes.toArray());
            select.setArray(1, mine);
            select.setInt(2, limit);
            return read(select);
        });
    }

    private static List<OutboxRow> read(PreparedStatement select) throws SQLException {
        List<OutboxRow> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new OutboxRow(
                        row.getLong(1),
                        row.getObject(2, UUID.class),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getObject(9, OffsetDateTime.class).toInstant()));
            }
        }
        return found;
    }

    @Transactional
    public void markPublished(List<OutboxRow> rows) {
        jdbc.prepareStatement("UPDATE outbox SET published_at = now() WHERE position = ANY (?)", mark -> {
            mark.setArray(
                    1,
                    mark.getConnection()
                            .createArrayOf(
                                    "bigint",
                                    rows.stream().map(OutboxRow::position).toArray()));
            return mark.executeUpdate();
        });
    }

    /** Published rows stay for a day, for whoever looks into what happened. */
    @Transactional
    public void deletePublished() {
        jdbc.prepareStatement(
                "DELETE FROM outbox WHERE published_at < now() - interval '1 day'", PreparedStatement::executeUpdate);
        jdbc.prepareStatement(
                "DELETE FROM inbox WHERE received_at < now() - interval '30 days'", PreparedStatement::executeUpdate);
    }

    @Transactional
    public void releaseLanes() {
        jdbc.prepareStatement("UPDATE outbox_lane SET lease_until = '-infinity' WHERE owner = ?", release -> {
            release.setString(1, owner);
            return release.executeUpdate();
        });
    }
}
