package dev.slipway.session.journal;

import dev.slipway.kit.lease.Leases;
import dev.slipway.session.loop.Loop;
import dev.slipway.session.store.Json;
import dev.slipway.session.store.Sql;
import dev.slipway.session.turn.Agents;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerShutdownEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a follower for each session that has a live sandbox and none yet, in this process or another. */
@Singleton
class Followers implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
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

    @Override
    public Duration every() {
        return Duration.ofMillis(200);
    }

    @Override
    public void look() {
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
                new Follower(session.projectId(), session.id(), keeper, agents, leases, json, () -> stopped).run();
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
        // A thread that is interrupted gets no connection, and this one is on its way out anyhow.
        Thread.interrupted();
        try {
            leases.release(Follower.leaseOf(sessionId));
        } catch (RuntimeException e) {
            LOG.atInfo()
                    .addKeyValue("sessionId", sessionId)
                    .addKeyValue("reason", e.toString())
                    .log("lease not given back, it will end by itself");
        }
    }

    private record Unfollowed(String projectId, String id) {}

    /** Comes while the database can still be reached, so that another replica need not wait for leases to end. */
    @EventListener
    void stopping(ServerShutdownEvent event) {
        stopped = true;
        List<Thread> last = List.copyOf(running.values());
        last.forEach(Thread::interrupt);
        try {
            for (Thread follower : last) {
                follower.join(STOP_WITHIN);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
