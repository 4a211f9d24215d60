package dev.slipway.session.chat;

import dev.slipway.session.turn.TurnSignals;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears from the other replicas, by Postgres's LISTEN on a connection of its own, which turns have news. */
@Singleton
class TurnNotifications implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(TurnNotifications.class);
    private static final int WAIT_MILLIS = 1_000;
    private static final Duration AGAIN = Duration.ofSeconds(1);

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
                passOn(connection.unwrap(PGConnection.class));
            } catch (SQLException e) {
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

    private void passOn(PGConnection connection) throws SQLException {
        while (!stopped) {
            PGNotification[] heard = connection.getNotifications(WAIT_MILLIS);
            for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
                signals.changedElsewhere(notification.getParameter()).forEach(feeds::changed);
            }
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
