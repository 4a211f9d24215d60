package dev.slipway.session.turn;

import dev.slipway.session.store.Sql;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import io.micronaut.transaction.jdbc.DataSourceTransactionManager;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells that a turn has new chunks: this process at commit, the other replicas by Postgres's NOTIFY, also at commit. */
@Singleton
public class TurnSignals {
    /** The channel; its payload is a turn's id. */
    public static final String CHANNEL = "slipway_turn";

    private final Sql sql;
    private final DataSourceTransactionManager transactions;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    TurnSignals(Sql sql, DataSourceTransactionManager transactions) {
        this.sql = sql;
        this.transactions = transactions;
    }

    /** Is told the id of each turn that changed here. It must not block. */
    public void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Says so when the transaction at hand commits. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void changed(String turnId) {
        sql.first("SELECT pg_notify(?, ?)", row -> true, CHANNEL, turnId);
        transactions
                .findTransactionStatus()
                .ifPresent(status -> status.registerSynchronization(new Wake(listeners, turnId)));
    }

    private record Wake(List<Consumer<String>> listeners, String turnId) implements TransactionSynchronization {
        @Override
        public void afterCommit() {
            listeners.forEach(listener -> listener.accept(turnId));
        }
    }
}
