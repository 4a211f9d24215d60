package dev.slipway.gateway.events;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that reads the log from end to end: begins anew after a failure, and ends soon once it is told to. */
public final class LogFollower {
    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration ENDING = Duration.ofSeconds(3);

    private final String name;
    private final LogReaders readers;
    private final BooleanSupplier turn;
    private final Consumer<KafkaConsumer<byte[], byte[]>> work;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private @Nullable Thread thread;

    /**
     * Does nothing before {@link #start}.
     *
     * @param turn whether it is this gateway's to read now; asked again every second until it is
     * @param work reads for as long as {@link #goesOn}; is given a new reader of nothing yet each time it is called
     */
    LogFollower(String name, LogReaders readers, BooleanSupplier turn, Consumer<KafkaConsumer<byte[], byte[]>> work) {
        this.name = name;
        this.readers = readers;
        this.turn = turn;
        this.work = work;
    }

    /** Begins, once. */
    public void start() {
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** Whether to read on. */
    public boolean goesOn() {
        return !closed;
    }

    private void run() {
        while (!closed) {
            try {
                if (turn.getAsBoolean()) {
                    follow();
                } else {
                    pause();
                }
            } catch (WakeupException _) {
                // Closing.
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.atWarn()
                            .addKeyValue("reader", name)
                            .addKeyValue("reason", e.toString())
                            .log("event log cannot be read, will try again");
                }
                pause();
            }
        }
    }

    private void follow() {
        try (KafkaConsumer<byte[], byte[]> opened = readers.open()) {
            consumer = opened;
            if (!closed) {
                work.accept(opened);
            }
        }
    }

    /** Lets a second pass. */
    void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** Ends it; waits for some seconds at most. */
    public void close() throws InterruptedException {
        closed = true;
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        Thread running = thread;
        if (running != null && !running.join(ENDING)) {
            running.interrupt();
        }
    }
}
