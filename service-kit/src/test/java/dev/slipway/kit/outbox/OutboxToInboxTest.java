package dev.slipway.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.session.SessionEvent.MessageAdded;
import dev.slipway.contracts.session.SessionEvent.SessionRequested;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is committed with an event arrives once, in order per subject, and nothing else arrives. */
@NullMarked
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboxToInboxTest implements TestPropertyProvider {
    @Inject
    Outbox outbox;

    @Inject
    JdbcOperations jdbc;

    @Inject
    TransactionOperations<Connection> transactions;

    @Override
    public Map<String, String> getProperties() {
        return EmbeddedServers.properties();
    }

    @Test
    void eventsOfASubjectArriveOnceAndInTheOrderOfTheirCommits() {
        List<String> expected =
                IntStream.rangeClosed(1, 200).mapToObj(Integer::toString).toList();

        expected.forEach(note -> send("ordered", note));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(effects("ordered")).isEqualTo(expected));
    }

    @Test
    void anEventOfARolledBackTransactionNeverArrives() {
        assertThatThrownBy(() -> transactions.executeWrite(status -> {
                    outbox.append("project", "rolled-back", new MessageAdded("rolled-back", "lost", "user"));
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        send("rolled-back", "kept");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(effects("rolled-back")).containsExactly("kept"));
    }

    @Test
    void outsideATransactionNothingCanBeAppended() {
        assertThatThrownBy(() -> outbox.append("project", "alone", new MessageAdded("alone", "m", "user")))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void anEventThatCannotBeHandledIsSetAsideWithAllLaterOnesOfItsSubjectAndTheOthersGoOn() {
        transactions.executeWrite(
                status -> outbox.append("project", "poison", new SessionRequested("poison", "w", null, "u")));
        send("poison", "later");
        send("healthy", "arrives");

        await().atMost(Duration.ofSeconds(120))
                .untilAsserted(() -> assertThat(effects("healthy")).containsExactly("arrives"));
        await().atMost(Duration.ofSeconds(120))
                .untilAsserted(() -> assertThat(deadLetters("poison")).isEqualTo(2));
        assertThat(effects("poison")).isEmpty();
    }

    private void send(String subject, String note) {
        transactions.executeWrite(status -> outbox.append("project", subject, new MessageAdded(subject, note, "user")));
    }

    private List<String> effects(String subject) {
        return transactions.executeRead(status ->
                jdbc.prepareStatement("SELECT note FROM effect WHERE subject = ? ORDER BY position", select -> {
                    select.setString(1, subject);
                    List<String> notes = new ArrayList<>();
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            notes.add(row.getString(1));
                        }
                    }
                    return notes;
                }));
    }

    private int deadLetters(String subject) {
        return transactions.executeRead(status ->
                jdbc.prepareStatement("SELECT count(*) FROM dead_letter WHERE subject = ?", select -> {
                    select.setString(1, subject);
                    try (ResultSet row = select.executeQuery()) {
                        row.next();
                        return row.getInt(1);
                    }
                }));
    }

    @Singleton
    static class Notes implements EventHandler<MessageAdded> {
        private final JdbcOperations jdbc;

        Notes(JdbcOperations jdbc) {
            this.jdbc = jdbc;
        }

        @Override
        public Class<MessageAdded> eventType() {
            return MessageAdded.class;
        }

        @Override
        public void handle(EventEnvelope envelope, MessageAdded event) {
            jdbc.prepareStatement("INSERT INTO effect (subject, note) VALUES (?, ?)", insert -> {
                insert.setString(1, envelope.subject());
                insert.setString(2, event.messageId());
                return insert.executeUpdate();
            });
        }
    }

    @Singleton
    static class Poison implements EventHandler<SessionRequested> {
        @Override
        public Class<SessionRequested> eventType() {
            return SessionRequested.class;
        }

        @Override
        public void handle(EventEnvelope envelope, SessionRequested event) {
            throw new IllegalStateException("cannot be handled, on purpose");
        }
    }
}
