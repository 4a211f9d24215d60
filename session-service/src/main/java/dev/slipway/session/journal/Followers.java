package dev.slipway.session.journal;

import dev.slipway.kit.lease.Leases;
import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import dev.slipway.session.turn.Agents;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Starts a follower for each session that has a live sandbox and none yet, in this process or another. */
@Singleton
class Followers {
    private static final int AT_ONCE = 100;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    private final Sql sql;
    private final JournalKeeper keeper;
    private final Agents agents;
    private final Leases leases;
    private final Json json;
    private final Map<String, Thread> running = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Followers(Sql sql, JournalKeeper keeper, Agents agents, Leases leases, Json json) {
        this.sql = sql;
        this.keeper = keeper;
        this.agents = agents;
        this.leases = leases;
        this.json = json;
    }

    @Scheduled(fixedDelay = "200ms", initialDelay = "200ms")
    void look() {
        if (!stopped) {
            findUnfollowed().forEach(this::start);
        }
    }

    private List<Unfollowed> findUnfollowed() {
        return sql.list("""
                SELECT s.project_id, s.id FROM session s
                LEFT JOIN lease l ON l.name = 'journal:' || s.id AND l.lease_until > now()
                WHERE s.status IN ('ready', 'running') AND l.name IS NULL
                ORDER BY s.id
                LIMIT ?
                """, row -> new Unfollowed(row.getString(1), row.getString(2)), AT_ONCE);
    }

    private void start(Unfollowed session) {
        if (leases.hold(Follower.leaseOf(session.id()), Follower.LEASE).isEmpty()) {
            return;
        }
        Thread thread = Thread.ofVirtual().name("journal-follower").unstarted(() -> {
            try {
                new Follower(session.projectId(), session.id(), keeper, agents, leases, json).run();
            } finally {
                running.remove(session.id(), Thread.currentThread());
                release(session.id());
            }
        });
        if (running.putIfAbsent(session.id(), thread) == null) {
            thread.start();
        }
    }

    private void release(String sessionId) {
        if (!stopped) {
            leases.release(Follower.leaseOf(sessionId));
        }
    }

    private record Unfollowed(String projectId, String id) {}

    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        List<Map.Entry<String, Thread>> last = List.copyOf(running.entrySet());
        last.forEach(follower -> follower.getValue().interrupt());
        for (Map.Entry<String, Thread> follower : last) {
            if (follower.getValue().join(STOP_WITHIN)) {
                leases.release(Follower.leaseOf(follower.getKey()));
            }
        }
    }
}
