package dev.slipway.session.journal;

import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerShutdownEvent;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores words of running turns, of all sessions that have some at the moment, in one transaction: a commit for each session
 * would cost the disk as many waits as there are sessions. It begins as soon as the transaction before is done, at most once in
 * {@link #PACE_NANOS}; nothing waits for a batch to fill otherwise, and batches grow with the load.
 */
@Singleton
class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int DELIVERIES_AT_ONCE = 200;
    private static final long CHARACTERS_AT_ONCE = 4 << 20;
    /** While much is said a batch takes what came in this time: many small ones cost the database as much as what is in them. */
    private static final long PACE_NANOS = 4_000_000;

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration STUCK = Duration.ofSeconds(5);
    private static final long IDLE = Long.MIN_VALUE;

    private final SpokenWords words;
    /** Bounded by the number of followers: each waits for its delivery before it brings the next. */
    private final LinkedBlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();

    /** When the statement at hand was begun, by {@link System#nanoTime}. */
    private volatile long busySince = IDLE;

    private volatile boolean stopped;

    JournalWriter(SpokenWords words) {
        this.words = words;
    }

    @EventListener
    void started(ServerStartupEvent event) {
        Thread.ofVirtual().name("journal-writer").start(this::writeUntilStopped);
    }

    /**
     * Stores what one follower brings and returns when it is on disk.
     *
     * @return false if it could not be stored in this way, and has to be by {@link JournalKeeper#store}
     */
    boolean store(SpokenWords.Delivery delivery) throws InterruptedException {
        if (stopped || isStuck()) {
            return false;
        }
        Waiting ours = new Waiting(delivery, new CompletableFuture<>());
        waiting.add(ours);
        try {
            return ours.stored().get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (waiting.remove(ours)) {
                return false;
            }
            throw new IllegalStateException("journal entries were not stored within " + DEADLINE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            waiting.remove(ours);
            throw e;
        }
    }

    /** A database that fell silent in the middle of a statement holds up one thread, and not everybody. */
    private boolean isStuck() {
        long since = busySince;
        return since != IDLE && System.nanoTime() - since > STUCK.toNanos();
    }

    private void writeUntilStopped() {
        List<Waiting> batch = new ArrayList<>();
        long next = System.nanoTime();
        while (!stopped) {
            try {
                Waiting first = waiting.poll(1, TimeUnit.SECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                long early = next - System.nanoTime();
                if (early > 0) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                next = System.nanoTime() + PACE_NANOS;
                drainTo(batch);
                write(batch);
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.atError()
                        .setCause(e)
                        .log("words of running turns could not be stored together, and will be tried again");
            } finally {
                // Whatever became of them: nobody is to wait for ever.
                batch.forEach(each -> each.stored().complete(false));
                batch.clear();
            }
        }
    }

    private void drainTo(List<Waiting> batch) {
        long characters = batch.getFirst().delivery().characters();
        while (batch.size() < DELIVERIES_AT_ONCE && characters < CHARACTERS_AT_ONCE) {
            Waiting more = waiting.poll();
            if (more == null) {
                return;
            }
            batch.add(more);
            characters += more.delivery().characters();
        }
    }

    private void write(List<Waiting> batch) {
        busySince = System.nanoTime();
        try {
            Set<Integer> stored =
                    words.store(batch.stream().map(Waiting::delivery).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).stored().complete(stored.contains(i));
            }
        } catch (RuntimeException e) {
            // One of them spoils it for all, or the database is away: each finds out for itself.
            LOG.atDebug().addKeyValue("reason", e.toString()).log("words of running turns are stored one by one");
            batch.forEach(each -> each.stored().complete(false));
        } finally {
            busySince = IDLE;
        }
    }

    @EventListener
    void stopping(ServerShutdownEvent event) {
        stopped = true;
    }

    private record Waiting(SpokenWords.Delivery delivery, CompletableFuture<Boolean> stored) {}
}
