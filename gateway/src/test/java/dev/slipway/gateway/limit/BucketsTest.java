package dev.slipway.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a bucket lets pass. */
class BucketsTest {
    private final AtomicLong now = new AtomicLong();
    private final Buckets buckets = new Buckets(2, 4, now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aBurstPassesAndThenTheRate() {
        for (int i = 0; i < 4; i++) {
            assertThat(buckets.take("a")).isEmpty();
        }

        assertThat(buckets.take("a")).contains(Duration.ofMillis(500));
        pass(Duration.ofMillis(500));
        assertThat(buckets.take("a")).isEmpty();
        assertThat(buckets.take("a")).isPresent();
    }

    @Test
    void noMoreThanABurstGathers() {
        pass(Duration.ofHours(1));
        for (int i = 0; i < 4; i++) {
            assertThat(buckets.take("a")).isEmpty();
        }

        assertThat(buckets.take("a")).isPresent();
    }

    @Test
    void oneSubjectDoesNotUseUpAnothers() {
        for (int i = 0; i < 4; i++) {
            assertThat(buckets.take("a")).isEmpty();
        }

        assertThat(buckets.take("a")).isPresent();
        assertThat(buckets.take("b")).isEmpty();
    }

    @Test
    void aRateOfZeroIsNoLimit() {
        Buckets open = new Buckets(0, 0, now::get);

        for (int i = 0; i < 100; i++) {
            assertThat(open.take("a")).isEmpty();
        }
    }
}
