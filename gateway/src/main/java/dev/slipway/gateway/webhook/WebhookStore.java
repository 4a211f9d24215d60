package dev.slipway.gateway.webhook;

import dev.slipway.gateway.sql.Database;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Webhooks, their deliveries, and how far the log was looked through for them. */
@Singleton
class WebhookStore {
    private final Database database;

    WebhookStore(Database database) {
        this.database = database;
    }

    /** A webhook as the feed needs it. */
    record Target(String id, List<String> types, Instant createdAt) {
        boolean wants(String type, Instant time) {
            return !time.isBefore(createdAt) && (types.isEmpty() || types.contains(type));
        }
    }

    /** A delivery as whoever sends it needs it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared and never changed
    record Parcel(String id, String webhook, String url, byte[] secret, String type, String body, String state) {
        @Override
        public String toString() {
            return "Parcel[" + id + ", " + webhook + ", " + type + ", " + state + "]";
        }
    }

    void insert(String project, Webhook webhook, byte[] sealed) {
        database.change(
                "INSERT INTO webhook (id, project_id, url, types, secret, created_by, created_at) "
                        + "VALUES (?, ?, ?, ?, ?, ?, ?)",
                webhook.id(),
                project,
                webhook.url(),
                String.join(",", webhook.types()),
                sealed,
                webhook.createdBy(),
                webhook.createdAt());
    }

    int count(String project) {
        return database.first("SELECT count(*) FROM webhook WHERE project_id = ?", row -> row.getInt(1), project)
                .orElse(0);
    }

    List<Webhook> list(String project, String after, int limit) {
        return database.list(
                "SELECT * FROM webhook WHERE project_id = ? AND id > ? ORDER BY id LIMIT ?",
                WebhookStore::webhook,
                project,
                after,
                limit);
    }

    Optional<Webhook> find(String project, String id) {
        return database.first(
                "SELECT * FROM webhook WHERE project_id = ? AND id = ?", WebhookStore::webhook, project, id);
    }

    boolean delete(String project, String id) {
        return database.change("DELETE FROM webhook WHERE project_id = ? AND id = ?", project, id) == 1;
    }

    List<Target> targets(String project) {
        return database.list(
                "SELECT id, types, created_at FROM webhook WHERE project_id = ? LIMIT 100",
                row -> new Target(row.getString("id"), split(row.getString("types")), created(row)),
                project);
    }

    /** Writes a delivery; false if there is one of this event for this webhook already. */
    boolean insert(String id, String webhook, String event, String type, String body) {
        return database.change("""
                        INSERT INTO webhook_delivery (id, webhook_id, event_id, type, body) VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (webhook_id, event_id) DO NOTHING
                        """, id, webhook, event, type, body) == 1;
    }

    Optional<Parcel> parcel(String id) {
        return database.first(
                """
                SELECT d.id, d.webhook_id, w.url, w.secret, d.type, d.body, d.state
                FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id WHERE d.id = ?
                """,
                row -> new Parcel(
                        row.getString("id"),
                        row.getString("webhook_id"),
                        row.getString("url"),
                        row.getBytes("secret"),
                        row.getString("type"),
                        row.getString("body"),
                        row.getString("state")),
                id);
    }

    void tried(String id, String state, @Nullable Integer status, @Nullable String error, long millis) {
        database.change("""
                UPDATE webhook_delivery SET state = ?, attempts = attempts + 1, last_status = ?, last_error = ?,
                    last_millis = ?, attempted_at = now()
                WHERE id = ?
                """, state, status, error, (int) Math.min(Integer.MAX_VALUE, millis), id);
    }

    /** Makes a delivery that was given up wait again; false if there is no such one. */
    boolean wait(String webhook, String id) {
        return database.change(
                        "UPDATE webhook_delivery SET state = 'waiting' WHERE id = ? AND webhook_id = ? AND state = 'dead'",
                        id,
                        webhook)
                == 1;
    }

    void bury(String id) {
        database.change("UPDATE webhook_delivery SET state = 'dead' WHERE id = ?", id);
    }

    List<Delivery> deliveries(String webhook, String state, String before, int limit) {
        return database.list("""
                SELECT * FROM webhook_delivery
                WHERE webhook_id = ? AND (? = '' OR state = ?) AND (? = '' OR id < ?)
                ORDER BY id DESC LIMIT ?
                """, WebhookStore::delivery, webhook, state, state, before, before, limit);
    }

    /** What was delivered or given up a month ago is of no use any more. */
    int sweep() {
        return database.change(
                "DELETE FROM webhook_delivery WHERE state <> 'waiting' AND created_at < now() - interval '30 days'");
    }

    Map<Integer, Long> positions() {
        Map<Integer, Long> positions = new HashMap<>();
        database.list("SELECT partition, next_offset FROM webhook_position", row -> {
            positions.put(row.getInt(1), row.getLong(2));
            return row.getInt(1);
        });
        return positions;
    }

    void position(int partition, long next) {
        database.change("""
                INSERT INTO webhook_position (partition, next_offset) VALUES (?, ?)
                ON CONFLICT (partition) DO UPDATE SET next_offset = EXCLUDED.next_offset
                """, partition, next);
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getString("id"),
                row.getString("url"),
                split(row.getString("types")),
                null,
                row.getString("created_by"),
                created(row));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        int status = row.getInt("last_status");
        Integer lastStatus = row.wasNull() ? null : status;
        int millis = row.getInt("last_millis");
        Integer lastMillis = row.wasNull() ? null : millis;
        return new Delivery(
                row.getString("id"),
                row.getString("event_id"),
                row.getString("type"),
                row.getString("state"),
                row.getInt("attempts"),
                lastStatus,
                row.getString("last_error"),
                lastMillis,
                created(row),
                Database.instant(row, "attempted_at"));
    }

    private static Instant created(ResultSet row) throws SQLException {
        return Objects.requireNonNull(Database.instant(row, "created_at"));
    }

    private static List<String> split(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(",", -1));
    }
}
