package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However many large bodies come at once, what waits for them in the kernel stays bounded. */
class ReceiveWindowTest {
    @ParameterizedTest
    @CsvSource({"0, 8388608", "1, 8388608", "4, 8388608", "5, 4194304", "128, 262144", "256, 131072", "100000, 131072"})
    void bodiesShareASumButEachHasEnoughToFlow(int bodies, int bytes) {
        assertThat(ReceiveWindow.share(bodies)).isEqualTo(bytes);
    }
}
