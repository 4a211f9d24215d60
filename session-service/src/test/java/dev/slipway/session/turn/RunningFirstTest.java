package dev.slipway.session.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who goes first where turns run and others begin. */
class RunningFirstTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @Test
    void whatARunningTurnSaysGoesBeforeTurnsThatWaitToBegin() throws InterruptedException {
        RunningFirst order = new RunningFirst(1, LONG);
        CountDownLatch leave = new CountDownLatch(1);
        Thread inside = occupy(order, leave);
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(start(() -> order.begin(() -> done.add("begin"))));
        }
        waiting.forEach(RunningFirstTest::awaitParked);
        waiting.add(start(() -> order.say(() -> done.add("say"))));
        awaitParked(waiting.getLast());

        leave.countDown();

        inside.join();
        for (Thread each : waiting) {
            assertThat(each.join(LONG)).isTrue();
        }
        assertThat(done).containsExactly("say", "begin", "begin", "begin");
    }

    @Test
    void noMoreThanSoManyAreAtItTogether() throws InterruptedException {
        RunningFirst order = new RunningFirst(3, LONG);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            boolean says = i % 2 == 0;
            all.add(start(() -> {
                if (says) {
                    order.say(() -> work(now, most));
                } else {
                    order.begin(() -> work(now, most));
                }
            }));
        }

        for (Thread each : all) {
            assertThat(each.join(LONG)).isTrue();
        }

        assertThat(done).hasSize(100);
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void nobodyWaitsForEver() throws InterruptedException {
        RunningFirst order = new RunningFirst(1, Duration.ofMillis(20));
        CountDownLatch leave = new CountDownLatch(1);
        Thread inside = occupy(order, leave);

        assertThat(start(() -> order.begin(() -> done.add("begin"))).join(LONG)).isTrue();

        assertThat(done).containsExactly("begin");
        leave.countDown();
        inside.join();
    }

    private boolean work(AtomicInteger now, AtomicInteger most) {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        now.decrementAndGet();
        return done.add("worked");
    }

    private static Thread occupy(RunningFirst order, CountDownLatch leave) throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        Thread thread = start(() -> order.begin(() -> {
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        }));
        entered.await();
        return thread;
    }

    private static Thread start(Runnable work) {
        return Thread.ofVirtual().start(work);
    }

    private static void awaitParked(Thread thread) {
        Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }
}
