package dev.slipway.credential.rules;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears, by Postgres's LISTEN on a connection of its own, of which project a row was written, in whatever process. That silence means
 * that nothing was written is proved, not assumed: a message of its own goes the same way, and Postgres delivers in the order of
 * commits, so one that came back says that all that was committed before it was sent was heard. A connection that has died, or a
 * pooler between that does not pass messages on, so ends the answers from memory within {@link AnsweredRules#HEARD_FOR}.
 */
@Singleton
class RulesNews implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RulesNews.class);

    /** As the triggers of the schema name it. */
    private static final String CHANNEL = "slipway_rules";

    private static final String ALL = "*";
    private static final String PROJECT = "p:";

    /** Twice within {@link AnsweredRules#HEARD_FOR} even if it comes just before the end of a wait. */
    private static final Duration PROOF_EVERY = Duration.ofMillis(120);

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int TIMEOUT_SECONDS = 2;

    private final DataSource database;
    private final AnsweredRules answers;

    /** Marks this replica's own messages among those of the others. */
    private final String self = "i:" + UUID.randomUUID() + ':';

    private volatile boolean stopped;
    private @Nullable Thread thread;

    RulesNews(DataSource database, AnsweredRules answers) {
        this.database = DelegatingDataSource.unwrapDataSource(database);
        this.answers = answers;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("rules-news").start(this::listenUntilStopped);
    }

    private void listenUntilStopped() {
        while (!stopped) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                // What it sends is worth nothing after a crash: no wait for the disk.
                statement.execute("SET synchronous_commit = off");
                statement.execute("LISTEN " + CHANNEL);
                try {
                    listen(connection);
                } finally {
                    statement.execute("UNLISTEN *");
                    statement.execute("RESET synchronous_commit");
                }
            } catch (SQLException | RuntimeException e) {
                if (!stopped) {
                    LOG.atInfo()
                            .addKeyValue("reason", e.toString())
                            .log("cannot hear of changed rules, lookups ask the database meanwhile");
                }
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        // What was written before it listened was not heard.
        answers.allChanged();
        PGConnection messages = connection.unwrap(PGConnection.class);
        try (PreparedStatement send = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', ?)")) {
            send.setQueryTimeout(TIMEOUT_SECONDS);
            long next = System.nanoTime();
            while (!stopped) {
                long now = System.nanoTime();
                if (now - next >= 0 && answers.areAskedFor()) {
                    send.setString(1, self + now);
                    send.execute();
                    next = now + PROOF_EVERY.toNanos();
                }
                take(messages.getNotifications((int) PROOF_EVERY.toMillis()));
            }
        }
    }

    private void take(PGNotification @Nullable [] heard) {
        if (heard == null) {
            return;
        }
        for (PGNotification each : heard) {
            String message = each.getParameter();
            if (message.startsWith(PROJECT)) {
                answers.changed(message.substring(PROJECT.length()));
            } else if (message.startsWith(self)) {
                answers.heardAllUntil(Long.parseLong(message.substring(self.length())));
            } else if (message.equals(ALL)) {
                answers.allChanged();
            }
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.join(Duration.ofSeconds(TIMEOUT_SECONDS));
        }
    }
}
