package dev.slipway.kit.outbox;

import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.kit.id.Ids;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import io.micronaut.transaction.jdbc.DataSourceTransactionManager;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where a service says what happened: in the transaction of the change itself, so that both happen or neither. The relay
 * publishes it afterwards, at least once and in order per subject.
 */
@Singleton
public class Outbox {
    static final int LANES = 32;

    private final JdbcOperations jdbc;
    private final ObjectMapper json;
    private final OutboxRelay relay;
    private final DataSourceTransactionManager transactions;

    Outbox(JdbcOperations jdbc, ObjectMapper json, OutboxRelay relay, DataSourceTransactionManager transactions) {
        this.jdbc = jdbc;
        this.json = json;
        this.relay = relay;
        this.transactions = transactions;
    }

    /**
     * Appends an event.
     *
     * @param projectId the log that it belongs to, and its key on the topic
     * @param subject the resource that it is about; its events keep their order
     * @return the event's position in the subject's own sequence, from 1
     * @throws IllegalStateException outside a transaction
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public long append(String projectId, String subject, LifecycleEvent event) {
        long seq = nextSeq(subject);
        jdbc.prepareStatement("""
                INSERT INTO outbox (id, lane, project_id, subject, seq, type, data, traceparent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, insert -> {
            insert.setObject(1, Ids.next());
            insert.setShort(2, (short) Math.floorMod(projectId.hashCode(), LANES));
            insert.setString(3, projectId);
            insert.setString(4, subject);
            insert.setLong(5, seq);
            insert.setString(6, LifecycleEvent.typeOf(event.getClass()));
            insert.setString(7, write(event));
            insert.setString(8, traceparent());
            return insert.executeUpdate();
        });
        transactions.findTransactionStatus().ifPresent(status -> status.registerSynchronization(new Wake(relay)));
        return seq;
    }

    /** Takes the subject's row lock, which is held to commit: the order of numbers is the order of commits. */
    private long nextSeq(String subject) {
        return jdbc.prepareStatement("""
                INSERT INTO outbox_subject (subject, seq) VALUES (?, 1)
                ON CONFLICT (subject) DO UPDATE SET seq = outbox_subject.seq + 1
                RETURNING seq
                """, next -> {
            next.setString(1, subject);
            try (ResultSet row = next.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("outbox_subject: no row returned for " + subject);
                }
                return row.getLong(1);
            }
        });
    }

    private String write(LifecycleEvent event) {
        try {
            return json.writeValueAsString(event);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + event.getClass().getName(), e);
        }
    }

    private static @Nullable String traceparent() {
        return org.slf4j.MDC.get("traceparent");
    }

    /** Tells the relay as soon as there is something to publish, so that it need not wait for its next look. */
    private record Wake(OutboxRelay relay) implements TransactionSynchronization {
        @Override
        public void afterCommit() {
            relay.wake();
        }
    }
}
