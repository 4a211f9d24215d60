package dev.slipway.gateway.events;

import dev.slipway.gateway.sql.Database;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which sessions' chat a stream carries, by the name that its viewer gave it. Kept in the database, since the request that
 * changes it may come to another replica than the one that holds the stream, and since the stream comes back after a break.
 */
@Singleton
public class Subscriptions {
    private final Database database;
    private final Map<Name, Set<EventStreamExchange>> here = new ConcurrentHashMap<>();

    Subscriptions(Database database) {
        this.database = database;
    }

    /** A stream's name; two users may choose the same. */
    record Name(String projectId, String userId, String stream) {}

    private record Row(Name name, Set<String> sessions) {}

    /** The sessions; none if nothing was said. Blocks. */
    Set<String> of(Name name) {
        return database.first(
                        "SELECT sessions FROM event_subscription WHERE project_id = ? AND account_id = ? AND stream = ?",
                        row -> split(row.getString("sessions")),
                        name.projectId(),
                        name.userId(),
                        name.stream())
                .orElse(Set.of());
    }

    /** Sets the sessions. Streams at this gateway follow at once, those at another one within a second. */
    @Transactional
    void set(Name name, Set<String> sessions) {
        database.change("""
                INSERT INTO event_subscription (project_id, account_id, stream, sessions) VALUES (?, ?, ?, ?)
                ON CONFLICT (project_id, account_id, stream)
                DO UPDATE SET sessions = EXCLUDED.sessions, updated_at = clock_timestamp()
                """, name.projectId(), name.userId(), name.stream(), String.join(",", sessions));
    }

    void tell(Name name, Set<String> sessions) {
        here.getOrDefault(name, Set.of()).forEach(stream -> stream.follow(sessions));
    }

    void add(Name name, EventStreamExchange stream) {
        here.compute(name, (_, present) -> {
            Set<EventStreamExchange> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(stream);
            return all;
        });
    }

    void remove(Name name, EventStreamExchange stream) {
        here.computeIfPresent(name, (_, all) -> {
            all.remove(stream);
            return all.isEmpty() ? null : all;
        });
    }

    /** What was changed lately at whichever replica; the overlap makes up for transactions that were slow to commit. */
    @Scheduled(fixedDelay = "1s", initialDelay = "1s")
    void look() {
        if (here.isEmpty()) {
            return;
        }
        List<Row> changed = database.list(
                "SELECT * FROM event_subscription WHERE updated_at > clock_timestamp() - interval '5 seconds'",
                row -> new Row(
                        new Name(row.getString("project_id"), row.getString("account_id"), row.getString("stream")),
                        split(row.getString("sessions"))));
        changed.forEach(row -> tell(row.name(), row.sessions()));
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "15m")
    void sweep() {
        database.change("DELETE FROM event_subscription WHERE updated_at < now() - interval '7 days'");
    }

    private static Set<String> split(String list) {
        return list.isEmpty() ? Set.of() : Set.of(list.split(",", -1));
    }
}
