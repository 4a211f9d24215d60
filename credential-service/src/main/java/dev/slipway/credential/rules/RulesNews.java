package dev.slipway.credential.rules;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
 * commits, so one that came back says that all that was committed before it was sent was heard. A connection that has died so ends the
 * answers from memory within {@link AnsweredRules#HEARD_FOR}. A pooler of transactions might let its own messages through and no
 * others; with one between, nothing is answered from memory.
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
    private static final Duration AGAIN_BEHIND_POOLER = Duration.ofMinutes(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    /** For each answer of the database: a machine that vanished without a word would be waited for a quarter of an hour. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Worth nothing after a crash, so it does not wait for the disk. */
    private static final String SEND =
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify('" + CHANNEL + "', ?)";

    private final DataSource database;
    private final AnsweredRules answers;

    /** Marks this replica's own messages among those of the others. */
    private final String self = "i:" + UUID.randomUUID() + ':';

    private volatile boolean stopped;
    private @Nullable Thread thread;

    /** The message that is under way, and when it was sent: any user of the database may send others that look like it. */
    private String sent = "";

    private AnsweredRules.@Nullable Moment sentAt;

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
            Duration pause = AGAIN;
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                // The pool takes it back with the connection.
                connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
                if (isDirect(connection, statement)) {
                    statement.execute("LISTEN " + CHANNEL);
                    try {
                        listen(connection);
                    } finally {
                        statement.execute("UNLISTEN *");
                    }
                } else {
                    pause = AGAIN_BEHIND_POOLER;
                }
            } catch (SQLException | RuntimeException e) {
                if (!stopped) {
                    LOG.atInfo()
                            .addKeyValue("reason", e.toString())
                            .log("cannot hear of changed rules, lookups ask the database meanwhile");
                }
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /** A pooler gives its clients a number of its own for the process that serves them. */
    private static boolean isDirect(Connection connection, Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            boolean direct = row.next()
                    && row.getInt(1) == connection.unwrap(PGConnection.class).getBackendPID();
            if (!direct) {
                LOG.atInfo().log("a pooler is between here and the database: each lookup asks the database");
            }
            return direct;
        }
    }

    private void listen(Connection connection) throws SQLException {
        // What was written before it listened was not heard.
        answers.allChanged();
        PGConnection messages = connection.unwrap(PGConnection.class);
        try (PreparedStatement send = connection.prepareStatement(SEND)) {
            long next = System.nanoTime();
            while (!stopped) {
                long now = System.nanoTime();
                if (now - next >= 0 && answers.areAskedFor()) {
                    sentAt = answers.now();
                    sent = self + now;
                    send.setString(1, sent);
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
            } else if (message.equals(sent) && sentAt != null) {
                answers.heardAllUntil(sentAt);
            } else if (message.equals(ALL)) {
                answers.allChanged();
            }
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.join(STOP_WITHIN);
        }
    }
}
