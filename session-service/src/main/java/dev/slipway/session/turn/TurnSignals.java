package dev.slipway.session.turn;

import dev.slipway.kit.id.Ids;
import dev.slipway.session.store.Sql;
import io.micronaut.transaction.TransactionDefinition.Propagation;
import io.micronaut.transaction.annotation.Transactional;
import io.micronaut.transaction.jdbc.DataSourceTransactionManager;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells that a turn has new chunks: this process at commit, with the chunks, and the other replicas by Postgres's NOTIFY, also at
 * commit, that there are some.
 */
@Singleton
public class TurnSignals {
    /** The channel; its payload is the replica that says so, and ids of turns. */
    public static final String CHANNEL = "slipway_turn";

    /** Payloads of Postgres end at 8,000 bytes. */
    private static final int TURNS_AT_ONCE = 100;

    private final String replica = Ids.text();
    private final Sql sql;
    private final DataSourceTransactionManager transactions;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    TurnSignals(Sql sql, DataSourceTransactionManager transactions) {
        this.sql = sql;
        this.transactions = transactions;
    }

    /** Is told of turns that changed here. It must not block. */
    public interface Listener {
        /** These chunks were stored. */
        void said(NewChunks chunks);

        /** The turn has other chunks, or an end. */
        void changed(String turnId);
    }

    /** Tells this listener from now on. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The turns that a notification tells of; none if it is our own. */
    public List<String> changedElsewhere(String payload) {
        List<String> words = List.of(payload.split(" ", -1));
        return words.getFirst().equals(replica) ? List.of() : words.subList(1, words.size());
    }

    /** Says so when the transaction at hand commits. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void changed(String turnId) {
        notifyOthers(List.of(turnId));
        atCommit(() -> listeners.forEach(listener -> listener.changed(turnId)));
    }

    /** Tells of these chunks, of a turn each, when the transaction at hand commits. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void said(List<NewChunks> all) {
        List<NewChunks> news =
                all.stream().filter(chunks -> !chunks.data().isEmpty()).toList();
        List<String> ids = news.stream().map(NewChunks::turnId).toList();
        for (int i = 0; i < ids.size(); i += TURNS_AT_ONCE) {
            notifyOthers(ids.subList(i, Math.min(ids.size(), i + TURNS_AT_ONCE)));
        }
        atCommit(() -> listeners.forEach(listener -> news.forEach(listener::said)));
    }

    private void notifyOthers(List<String> turnIds) {
        sql.first("SELECT pg_notify(?, ?)", row -> true, CHANNEL, replica + " " + String.join(" ", turnIds));
    }

    private void atCommit(Runnable wake) {
        transactions.findTransactionStatus().ifPresent(status -> status.registerSynchronization(new Wake(wake)));
    }

    private record Wake(Runnable wake) implements TransactionSynchronization {
        @Override
        public void afterCommit() {
            wake.run();
        }
    }
}
