package dev.slipway.kit.outbox;

import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.core.util.StringUtils;
import io.micronaut.runtime.server.event.ServerStartupEvent;
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
 * Publishes the outbox. Every replica runs one; a lane belongs to one replica at a time by a lease on the database's clock.
 * Rows of a lane leave in order; on any error the rest of the batch waits, nothing is skipped. A crash between the broker's
 * answer and the mark publishes a row twice, which receivers expect.
 */
@Singleton
@Requires(property = "slipway.outbox.enabled", notEquals = StringUtils.FALSE)
public class OutboxRelay implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);
    private static final Duration CLEAN_EVERY = Duration.ofMinutes(10);
    private static final int BATCH = 500;

    private final OutboxStore store;
    private final LifecyclePublisher publisher;
    private final String service;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean running = true;
    private @Nullable Thread thread;

    OutboxRelay(
            OutboxStore store, LifecyclePublisher publisher, @Value("${micronaut.application.name}") String service) {
        this.store = store;
        this.publisher = publisher;
        this.service = service;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("outbox-relay").start(this::run);
    }

    /** Says that there is something to publish. */
    void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    private void run() {
        long cleaned = System.nanoTime();
        while (running) {
            try {
                boolean more = publishBatch();
                if (System.nanoTime() - cleaned > CLEAN_EVERY.toNanos()) {
                    store.deletePublished();
                    cleaned = System.nanoTime();
                }
                if (!more && wake.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException _) {
                return;
            } catch (Exception e) {
                if (!running) {
                    return;
                }
                LOG.atWarn().addKeyValue("reason", e.toString()).log("outbox waits, will try again");
                pause();
            }
        }
    }

    private boolean publishBatch() throws Exception {
        List<Short> lanes = store.takeLanes();
        List<OutboxRow> rows = lanes.isEmpty() ? List.of() : store.unpublished(lanes, BATCH);
        if (rows.isEmpty()) {
            return false;
        }
        int sent = publisher.publish(rows, LifecycleEvent.TOPIC, "/" + service);
        if (sent > 0) {
            store.markPublished(rows.subList(0, sent));
        }
        if (sent < rows.size()) {
            throw new IllegalStateException("the broker took " + sent + " of " + rows.size() + " events");
        }
        return rows.size() == BATCH;
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_ERROR);
        } catch (InterruptedException _) {
            running = false;
        }
    }

    /** Leaves what is not published to the next start, or to another replica. */
    @PreDestroy
    void stop() throws InterruptedException {
        running = false;
        Thread relay = thread;
        if (relay != null) {
            relay.interrupt();
            relay.join(Duration.ofSeconds(5));
        }
        publisher.close();
        if (relay != null) {
            store.releaseLanes();
        }
    }
}
