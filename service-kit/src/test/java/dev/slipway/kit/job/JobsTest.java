package dev.slipway.kit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What happens to a job from its queueing to its end. */
@NullMarked
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobsTest implements TestPropertyProvider {
    @Inject
    JobQueue queue;

    @Inject
    JobStore store;

    @Inject
    Recorder recorder;

    @Inject
    Stumbler stumbler;

    @Inject
    TransactionOperations<Connection> transactions;

    @Override
    public Map<String, String> getProperties() {
        return EmbeddedServers.properties();
    }

    @Test
    void aJobQueuedAgainWhileItRunsRunsOnceMoreWithTheNewestPayload() throws Exception {
        add("record", "twice", "first");
        assertThat(recorder.started.await(10, TimeUnit.SECONDS)).isTrue();

        add("record", "twice", "second");
        add("record", "twice", "third");
        recorder.mayEnd.countDown();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(recorder.payloads).containsExactly("first", "third"));
    }

    @Test
    void aJobQueuedForLaterWhileItIsInHandWaitsUntilThen() {
        add("later", "l", "payload");
        Job inHand = store.take(List.of("later"), 1).getFirst();

        transactions.executeWrite(status -> {
            queue.add("later", "l", "again", Duration.ofHours(1));
            return true;
        });
        store.done(inHand);

        assertThat(store.take(List.of("later"), 1)).isEmpty();
    }

    @Test
    void aJobThatFailsComesAgainUntilItIsDeadAndThenSaysSo() {
        add("stumble", "s", "payload");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stumbler.dead).containsExactly("s"));
        assertThat(stumbler.attempts).containsExactly(1, 2, 3);
    }

    @Test
    void aWorkerThatSleptPastItsLeaseCannotEndTheJobOfTheNext() throws Exception {
        add("unhandled", "slept", "payload");
        Job slow = store.take(List.of("unhandled"), 1).getFirst();
        transactions.executeWrite(status -> {
            try (var statement = status.getConnection().createStatement()) {
                return statement.executeUpdate(
                        "UPDATE job SET lease_until = now() - interval '1 second' WHERE key = 'slept'");
            }
        });
        Job next = store.take(List.of("unhandled"), 1).getFirst();

        store.done(slow);

        assertThat(store.renew(slow)).isFalse();
        assertThat(store.renew(next)).isTrue();
    }

    private void add(String kind, String key, String payload) {
        transactions.executeWrite(status -> {
            queue.add(kind, key, payload);
            return payload;
        });
    }

    @Singleton
    static class Recorder implements JobHandler {
        final List<String> payloads = new CopyOnWriteArrayList<>();
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch mayEnd = new CountDownLatch(1);

        @Override
        public String kind() {
            return "record";
        }

        @Override
        public void run(Job job) throws InterruptedException {
            payloads.add(job.payload());
            started.countDown();
            if (!mayEnd.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never allowed to end");
            }
        }
    }

    @Singleton
    static class Stumbler implements JobHandler {
        final List<Integer> attempts = new CopyOnWriteArrayList<>();
        final List<String> dead = new CopyOnWriteArrayList<>();

        @Override
        public String kind() {
            return "stumble";
        }

        @Override
        public int attemptsMax() {
            return 3;
        }

        @Override
        public void run(Job job) {
            attempts.add(job.attempt());
            throw new IllegalStateException("on purpose");
        }

        @Override
        public void dead(Job job, Exception reason) {
            dead.add(job.key());
        }
    }
}
