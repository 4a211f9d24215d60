package dev.slipway.gateway.audit;

import dev.slipway.gateway.audit.AuditLog.Placed;
import dev.slipway.gateway.sql.Database;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the log, oldest first, at least once. An outbox of its own: the kit's carries the lifecycle topic alone, and these
 * rows stay. One replica at a time does it, by a lock that ends with the transaction.
 */
@Singleton
class AuditRelay implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRelay.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final long LOCK = 0x51_1b_a4_a0_0d_17L;
    private static final int BATCH = 500;

    private final Database database;
    private final AuditTopic topic;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean running = true;
    private @Nullable Thread thread;

    AuditRelay(Database database, AuditTopic topic) {
        this.database = database;
        this.topic = topic;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("audit-relay").start(this::run);
    }

    void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    private void run() {
        while (running) {
            try {
                if (publishBatch() < BATCH && wake.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException _) {
                return;
            } catch (Exception e) {
                if (!running || !paused(e)) {
                    return;
                }
            }
        }
    }

    private static boolean paused(Exception reason) {
        LOG.atWarn().addKeyValue("reason", reason.toString()).log("audit records wait for the broker");
        try {
            Thread.sleep(LOOK_EVERY);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    /** Sends the oldest records that the broker has not taken; forgets them as unpublished once it has. Answers how many. */
    @Transactional
    public int publishBatch() throws Exception {
        boolean mine = database.first("SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK)
                .orElse(false);
        if (!mine) {
            return 0;
        }
        List<Placed> batch = database.list(
                "SELECT e.* FROM audit_unpublished u JOIN audit_entry e USING (position) ORDER BY position LIMIT ?",
                AuditLog::read,
                BATCH);
        if (!batch.isEmpty()) {
            topic.publish(batch.stream().map(Placed::entry).toList());
            database.change("DELETE FROM audit_unpublished WHERE position = ANY (?)", (Object)
                    batch.stream().map(Placed::position).toArray(Long[]::new));
        }
        return batch.size();
    }

    @PreDestroy
    void stop() throws InterruptedException {
        running = false;
        Thread relay = thread;
        if (relay != null) {
            relay.interrupt();
            relay.join(Duration.ofSeconds(5));
        }
        topic.close();
    }
}
