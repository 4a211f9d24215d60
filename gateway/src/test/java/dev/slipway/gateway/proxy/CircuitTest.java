package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a service is left alone, and who may try it again. */
class CircuitTest {
    private final Circuit circuit = new Circuit();

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            circuit.failed();
        }
    }

    @Test
    void aServiceThatFailsOnlyNowAndThenIsAsked() {
        fail(Circuit.FAILURES_MAX - 1);
        assertThat(circuit.refusedFor()).isZero();

        circuit.succeeded();
        fail(Circuit.FAILURES_MAX - 1);

        assertThat(circuit.refusedFor()).isZero();
    }

    @Test
    void afterFailuresInARowItIsLeftAloneThenOneTries() throws InterruptedException {
        fail(Circuit.FAILURES_MAX);
        Duration pause = circuit.refusedFor();
        assertThat(pause).isPositive().isLessThan(Duration.ofSeconds(1));

        Thread.sleep(pause.plusMillis(10));

        assertThat(circuit.refusedFor()).isZero();
        assertThat(circuit.refusedFor()).isPositive();
        circuit.abandoned();
        assertThat(circuit.refusedFor()).isZero();
        circuit.succeeded();
        assertThat(circuit.refusedFor()).isZero();
    }

    @Test
    void eachFailureMoreMakesThePauseLongerUpToALimit() {
        fail(Circuit.FAILURES_MAX + 2);
        assertThat(circuit.refusedFor()).isGreaterThan(Duration.ofSeconds(1));

        fail(20);
        assertThat(circuit.refusedFor()).isLessThan(Duration.ofSeconds(7));
    }
}
