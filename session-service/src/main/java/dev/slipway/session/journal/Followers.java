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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a follower for each session that has a live sandbox and none yet, in this process or another. */
@Singleton
class Followers implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final int AT_ONCE = 100;
    /** Not longer than a start takes: who comes back after a crash need not wait for what it held before. */
    private static final Duration LEASE = Duration.ofSeconds(6);

    private static final Duration RENEW_EVERY = Duration.ofSeconds(2);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    private final Sql sql;
    private final JournalKeeper keeper;
    private final JournalWriter writer;
    private final Agents agents;
    private final Leases leases;
    private final Json json;
    private final Map<String, Following> running = new ConcurrentHashMap<>();
    private long renewed = System.nanoTime();
    private volatile boolean stopped;

    Followers(Sql sql, JournalKeeper keeper, JournalWriter writer, Agents agents, Leases leases, Json json) {
        this.sql = sql;
        this.keeper = keeper;
        this.writer = writer;
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
            renew();
            findUnfollowed().forEach(this::start);
        }
    }

    /** All leases in one go: what would be a write per session, again and again, is one. */
    private void renew() {
        if (System.nanoTime() - renewed < RENEW_EVERY.toNanos()) {
            return;
        }
        Map<String, Following> ours = Map.copyOf(running);
        Set<String> held =
                leases.holdAll(ours.keySet().stream().map(Followers::leaseOf).toList(), LEASE);
        // One that ended meanwhile has given its lease back, and this took it again.
        ours.keySet().stream().filter(session -> !running.containsKey(session)).forEach(this::giveBack);
        ours.forEach((session, following) -> {
            if (!held.contains(leaseOf(session))) {
                following.lost().set(true);
                following.thread().interrupt();
            }
        });
        renewed = System.nanoTime();
    }

    private static String leaseOf(String sessionId) {
        return "journal:" + sessionId;
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
        if (leases.hold(leaseOf(session.id()), LEASE).isEmpty()) {
            return;
        }
        AtomicBoolean lost = new AtomicBoolean();
        Follower follower = new Follower(
                session.projectId(), session.id(), keeper, writer, agents, json, () -> stopped || lost.get());
        Thread thread = Thread.ofVirtual().name("journal-follower").unstarted(() -> {
            try {
                follower.run();
            } finally {
                running.computeIfPresent(
                        session.id(), (_, known) -> known.thread().equals(Thread.currentThread()) ? null : known);
                release(session.id());
            }
        });
        if (running.putIfAbsent(session.id(), new Following(thread, lost)) == null) {
            thread.start();
        }
    }

    /** A follower at work; {@code lost} is set when another replica has its lease. */
    private record Following(Thread thread, AtomicBoolean lost) {}

    private void release(String sessionId) {
        // A thread that is interrupted gets no connection, and this one is on its way out anyhow.
        Thread.interrupted();
        giveBack(sessionId);
    }

    private void giveBack(String sessionId) {
        try {
            leases.release(leaseOf(sessionId));
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
        List<Thread> last = running.values().stream().map(Following::thread).toList();
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
