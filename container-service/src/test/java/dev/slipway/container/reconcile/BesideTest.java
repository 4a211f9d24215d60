package dev.slipway.container.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for a deed waits until it is over. */
@NullMarked
@Timeout(30)
class BesideTest {
    @Test
    void anInterruptIsToldOnlyWhenTheDeedIsOver() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean told = new AtomicBoolean();
        Beside<String> deed = Beside.start("deed", () -> {
            mayEnd.await();
            over.set(true);
            return "done";
        });
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                deed.await();
            } catch (InterruptedException _) {
                told.set(over.get());
            }
        });
        await().until(() -> waiting.getState() == Thread.State.WAITING);

        waiting.interrupt();

        assertThat(waiting.join(Duration.ofMillis(300))).isFalse();
        mayEnd.countDown();
        waiting.join();
        assertThat(told).isTrue();
        assertThat(deed.result()).isEqualTo("done");
    }
}
