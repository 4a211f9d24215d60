package dev.slipway.session.chat;

import dev.slipway.session.turn.TurnSignals;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears from the other replicas, by Postgres's LISTEN on a connection of its own, which turns have news, and whether there are any. */
@Singleton
class TurnNotifications implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TurnNotifications.class);
    private static final int WAIT_MILLIS = 1_000;
    /** A replica that is new has looks of its own until it is seen. */
    private static final Duration COUNT_EVERY = Duration.ofSeconds(1);

    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** Each replica holds this lock, shared, for as long as it listens: so they can be counted. */
    private static final int PRESENCE = 0x736c6970;

    private final DataSource database;
    private final TurnFeeds feeds;
    private final TurnSignals signals;
    private volatile boolean stopped;
    private @Nullable Thread thread;

    TurnNotifications(DataSource database, TurnFeeds feeds, TurnSignals signals) {
        this.database = DelegatingDataSource.unwrapDataSource(database);
        this.feeds = feeds;
        this.signals = signals;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("turn-notifications").start(this::listenUntilStopped);
    }

    private void listenUntilStopped() {
        while (!stopped) {
            try (Connection connection = database.getConnection();
                    Statement listen = connection.createStatement()) {
                listen.execute("LISTEN " + TurnSignals.CHANNEL);
                listen.execute("SELECT pg_advisory_lock_shared(" + PRESENCE + ", 1)");
                try {
                    passOn(connection.unwrap(PGConnection.class), listen);
                } finally {
                    // It goes back to the others, who listen to nobody and are not counted.
                    listen.execute("UNLISTEN *");
                    listen.execute("SELECT pg_advisory_unlock_all()");
                }
            } catch (SQLException | RuntimeException e) {
                if (!stopped) {
                    LOG.atInfo()
                            .addKeyValue("reason", e.toString())
                            .log("cannot listen to other replicas, will try again");
                }
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void passOn(PGConnection connection, Statement statement) throws SQLException {
        long counted = System.nanoTime() - COUNT_EVERY.toNanos();
        while (!stopped) {
            if (System.nanoTime() - counted >= COUNT_EVERY.toNanos()) {
                counted = System.nanoTime();
                signals.peers(listeners(statement) > 1);
            }
            PGNotification[] heard = connection.getNotifications(WAIT_MILLIS);
            for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
                signals.changedElsewhere(notification.getParameter()).forEach(feeds::changed);
            }
        }
    }

    private static int listeners(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND objid = 1 AND classid = "
                        + PRESENCE
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.join(Duration.ofSeconds(2));
        }
    }
}
