package dev.slipway.mitm.egress;

import dev.slipway.contracts.mitm.EgressEvent.EgressBlocked;
import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.mitm.journal.EgressLog;
import dev.slipway.mitm.settings.EgressSettings;
import dev.slipway.mitm.usage.UsageLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties the data path's queue: stores each batch, publishes it, and tells of refusals. One thread, so records stay in order. */
@Context
class EgressWriter {
    private static final Logger LOG = LoggerFactory.getLogger(EgressWriter.class);
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 5;
    private static final int REMOVED_AT_ONCE = 10_000;

    private final EgressLog log;
    private final EgressRepository records;
    private final EgressTopic topic;
    private final Outbox outbox;
    private final UsageLog usage;
    private final TransactionOperations<Connection> transactions;
    private final EgressSettings settings;
    private final Clock clock;
    private final LongAdder unstored = new LongAdder();
    private final Thread thread =
            Thread.ofPlatform().name("egress-writer").daemon().unstarted(this::run);
    private volatile boolean stopping;

    EgressWriter(
            EgressLog log,
            EgressRepository records,
            EgressTopic topic,
            Outbox outbox,
            UsageLog usage,
            TransactionOperations<Connection> transactions,
            EgressSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.log = log;
        this.records = records;
        this.topic = topic;
        this.outbox = outbox;
        this.usage = usage;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
        meters.gauge("slipway.egress.dropped", this, EgressWriter::dropped);
        meters.gauge("slipway.egress.unpublished", topic, EgressTopic::lost);
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    /** Stores what is still queued, within two seconds. */
    @PreDestroy
    void stop() {
        stopping = true;
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many records were not stored since the start, for lack of room or of a database. */
    long dropped() {
        return log.dropped() + unstored.sum();
    }

    private void run() {
        try {
            List<EgressRecord> batch = log.take(PATIENCE);
            while (!stopping || !batch.isEmpty()) {
                if (!batch.isEmpty()) {
                    write(batch);
                }
                batch = log.take(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<EgressRecord> batch) throws InterruptedException {
        topic.publish(batch);
        for (int attempt = 1; !stored(batch); attempt++) {
            if (attempt == ATTEMPTS || stopping) {
                unstored.add(batch.size());
                LOG.atError().addKeyValue("records", batch.size()).log("egress records were dropped");
                return;
            }
            Thread.sleep(RETRY);
        }
    }

    private boolean stored(List<EgressRecord> batch) {
        try {
            transactions.executeWrite(status -> {
                records.insert(batch);
                batch.stream().filter(EgressWriter::isTold).forEach(this::tell);
                usage.store(batch);
                return status;
            });
            usage.stored(batch);
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("egress records cannot be stored yet");
            return false;
        }
    }

    private static boolean isTold(EgressRecord record) {
        String rule = record.rule();
        return record.decision().equals("blocked")
                && !record.host().isEmpty()
                && (rule == null || !rule.startsWith("egress-budget"));
    }

    private void tell(EgressRecord refused) {
        if (records.firstOfItsMinute(refused)) {
            String rule = refused.rule();
            outbox.append(
                    refused.projectId(),
                    refused.sessionId(),
                    new EgressBlocked(
                            refused.sessionId(),
                            refused.host(),
                            refused.port(),
                            rule == null ? "egress-blocked" : rule));
        }
    }

    @Scheduled(fixedDelay = "10m", initialDelay = "1m")
    void removeOld() {
        var until = clock.instant().minus(settings.logRetention());
        while (records.removeBefore(until, REMOVED_AT_ONCE) == REMOVED_AT_ONCE) {
            LOG.atDebug().log("old egress records removed");
        }
    }
}
