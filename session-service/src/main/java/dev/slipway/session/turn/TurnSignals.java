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
 * Tells that a turn has new chunks: this process at commit, with the chunks, and the other replicas, if there are any, by Postgres's
 * NOTIFY, also at commit, that there are some. Without others nothing is notified: commits that notify wait for each other.
 */
@Singleton
public class TurnSignals {
    /** The channel; its payload is the replica that says so, and ids of turns. */
    public static final String CHANNEL = "slipway_turn";

    private final String replica = Ids.text();
    private final Sql sql;
    private final DataSourceTransactionManager transactions;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean peers = true;

    TurnSignals(Sql sql, DataSourceTransactionManager transactions) {
        this.sql = sql;
        this.transactions = transactions;
    }

    /** Is told of turns that changed here. It must not block. */
    public interface Listener {
        /** These chunks were stored, of a turn each. */
        void said(List<NewChunks> all);

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

    /** The name that this replica's notifications begin with. */
    public String replica() {
        return replica;
    }

    /** Whether other replicas listen, as far as is known. */
    public boolean hasPeers() {
        return peers;
    }

    /** Other replicas listen, or no longer. */
    public void peers(boolean listen) {
        peers = listen;
    }

    /** Says when the transaction at hand commits that the turn has these. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void appended(NewChunks chunks) {
        tellPeers(chunks.turnId());
        atCommit(() -> said(List.of(chunks)));
    }

    private void tellPeers(String turnId) {
        if (peers) {
            sql.first("SELECT pg_notify(?, ?)", row -> true, CHANNEL, replica + " " + turnId);
        }
    }

    /** Says when the transaction at hand commits that the turn has an end, or what this process does not have at hand. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void changed(String turnId) {
        tellPeers(turnId);
        atCommit(() -> listeners.forEach(listener -> listener.changed(turnId)));
    }

    /** Tells this process of chunks that are stored; whoever stored them has told the others. */
    public void said(List<NewChunks> all) {
        listeners.forEach(listener -> listener.said(all));
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
