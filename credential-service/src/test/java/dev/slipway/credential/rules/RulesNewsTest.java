package dev.slipway.credential.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.testing.ServiceUnderTest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lookups are answered without a question to the database while it is proved that nothing was written, and never beyond that. */
@Timeout(120)
class RulesNewsTest {
    private static final String LISTENERS =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    + " AND (query LIKE '%pg_notify(''slipway_rules''%' OR query LIKE 'LISTEN slipway_rules%')";

    /** What one lookup may take on a machine that is at work, beside {@link AnsweredRules#HEARD_FOR}. */
    private static final Duration LATEST = Duration.ofSeconds(1);

    private static ServiceUnderTest service;

    @BeforeAll
    static void start() throws IOException {
        service = new ServiceUnderTest();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void one() {
        service.execute("DELETE FROM credential");
        service.admin("POST", "/credentials", "{\"provider\":\"anthropic\",\"apiKey\":\"sk-first\"}");
    }

    @Test
    void aLookupDoesNotWaitForTheDatabase() throws SQLException {
        awaitKnown();
        try (Connection lock = service.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE credential IN ACCESS EXCLUSIVE MODE");
            for (int i = 0; i < 20; i++) {
                assertThat(service.rules()).contains("sk-first");
            }
            lock.rollback();
        }
    }

    @Test
    void whatIsWrittenByHandHoldsWithinASecondAlsoWhenTheConnectionThatTellsOfItDies() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            awaitKnown();
            boolean dies = i % 2 == 1;
            if (dies) {
                service.query(LISTENERS);
                Thread.sleep(ThreadLocalRandom.current().nextInt(300));
            }
            service.execute("UPDATE credential SET provider = 'p" + i + "' WHERE true");
            long written = System.nanoTime();
            String answer;
            long asked;
            do {
                asked = System.nanoTime();
                answer = service.rules();
            } while (!answer.contains("\"provider\":\"p" + i + '"')
                    && asked - written < LATEST.plusSeconds(5).toNanos());
            assertThat(answer).contains("\"provider\":\"p" + i + '"');
            assertThat(Duration.ofNanos(asked - written)).isLessThan(LATEST);
        }
    }

    @Test
    void aTableThatIsEmptiedIsHeardOf() {
        awaitKnown();

        service.execute("TRUNCATE credential CASCADE");

        await().atMost(LATEST).untilAsserted(() -> assertThat(service.rules()).contains("\"rules\":[]"));
    }

    @Test
    void aRowThatMovesToAnotherProjectIsGoneFromTheFirst() {
        awaitKnown();

        service.execute("UPDATE credential SET project_id = 'p2'");

        await().atMost(LATEST).untilAsserted(() -> assertThat(service.rules()).contains("\"rules\":[]"));
    }

    /** Asks until an answer comes from memory alone. */
    private static void awaitKnown() {
        AnsweredRules answers = service.bean(AnsweredRules.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            service.rules();
            return answers.known(ServiceUnderTest.PROJECT) != null;
        });
    }
}
