package dev.slipway.kit.job;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import io.micronaut.transaction.jdbc.DataSourceTransactionManager;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Queues slow work, in the transaction of the change that asks for it. A job is known by kind and key; queued again while
 * it runs, it runs once more afterwards with the newest payload.
 */
@Singleton
public class JobQueue {
    private final JdbcOperations jdbc;
    private final JobSignal signal;
    private final DataSourceTransactionManager transactions;

    JobQueue(JdbcOperations jdbc, JobSignal signal, DataSourceTransactionManager transactions) {
        this.jdbc = jdbc;
        this.signal = signal;
        this.transactions = transactions;
    }

    /** Queues a job to be done now. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(String kind, String key, String payload) {
        add(kind, key, payload, Duration.ZERO);
    }

    /** Queues a job to be done after a while. One that is queued for earlier stays at that. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(String kind, String key, String payload, Duration delay) {
        jdbc.prepareStatement("""
                INSERT INTO job (kind, key, payload, run_at) VALUES (?, ?, ?, now() + ? * interval '1 millisecond')
                ON CONFLICT (kind, key) DO UPDATE
                SET payload = EXCLUDED.payload, revision = job.revision + 1, attempt = 0, state = 'queued',
                    run_at = CASE WHEN job.state = 'dead' THEN EXCLUDED.run_at
                                  ELSE least(job.run_at, EXCLUDED.run_at) END
                """, insert -> {
            insert.setString(1, kind);
            insert.setString(2, key);
            insert.setString(3, payload);
            insert.setLong(4, delay.toMillis());
            return insert.executeUpdate();
        });
        transactions.findTransactionStatus().ifPresent(status -> status.registerSynchronization(new Wake(signal)));
    }

    private record Wake(JobSignal signal) implements TransactionSynchronization {
        @Override
        public void afterCommit() {
            signal.wake();
        }
    }
}
