package dev.slipway.workspace.git;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.kit.lease.Leases;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.testing.ServiceTest;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** While a machine is suspended its time of day goes on, and its other clock stands still. */
@NullMarked
@MicronautTest(transactional = false)
class FenceTest extends ServiceTest {
    private static final Duration LENGTH = Duration.ofSeconds(20);

    @Inject
    private Leases leases;

    @Test
    void whoWasSuspendedForLongerThanItsLeaseAsksBeforeItGoesOn() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Fence.Asked asked = Fence.Asked.now(now::get);
        long number = leases.hold("suspended", LENGTH).orElseThrow();
        Fence fence = new Fence(leases, "suspended", LENGTH, number, asked, now::get);
        fence.enter();
        try {
            transactions.executeWrite(_ -> jdbc.prepareStatement(
                    "UPDATE lease SET owner = 'another replica', fence = fence + 1,"
                            + " lease_until = now() + interval '1 minute' WHERE name = 'suspended'",
                    update -> update.executeUpdate()));
            Fence.check();
            now.updateAndGet(time -> time.plus(LENGTH).plusSeconds(1));

            assertThatThrownBy(Fence::check)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("given up");
        } finally {
            fence.leave();
        }
    }
}
