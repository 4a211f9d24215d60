package dev.slipway.mitm.journal;

import dev.slipway.contracts.mitm.EgressRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/** The bounded queue between the event loops, which never wait, and the one reader that stores and publishes. */
public final class EgressLog {
    private static final int BATCH_MAX = 500;
    private static final Duration LOOK = Duration.ofMillis(20);

    private final BlockingQueue<EgressRecord> queue;
    private final LongAdder dropped = new LongAdder();

    /** A log that holds at most {@code capacity} records that are not stored yet. */
    public EgressLog(int capacity) {
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /** Takes the record, or counts it as dropped if the reader is too far behind. */
    public void add(EgressRecord record) {
        if (!queue.offer(record)) {
            dropped.increment();
        }
    }

    /** The next records in order, at most 500; empty if none came within {@code patience}. For one reader. */
    public List<EgressRecord> take(Duration patience) throws InterruptedException {
        List<EgressRecord> batch = new ArrayList<>();
        long until = System.nanoTime() + patience.toNanos();
        // Looks from time to time instead of being woken: a signal per record would be the event loops' work.
        while (queue.size() < BATCH_MAX) {
            Thread.sleep(LOOK);
            if (!queue.isEmpty() || System.nanoTime() - until >= 0) {
                break;
            }
        }
        queue.drainTo(batch, BATCH_MAX);
        return batch;
    }

    /** How many records were dropped since the start. */
    public long dropped() {
        return dropped.sum();
    }
}
