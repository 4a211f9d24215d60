package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However many large bodies come at once, what waits for them in the kernel stays bounded. */
class ReceiveWindowTest {
    @ParameterizedTest
    @CsvSource({"0, 8388608", "1, 8388608", "4, 1048576", "5, 524288", "128, 32768", "256, 32768", "100000, 32768"})
    void bodiesShareASumButEachHasEnoughToFlow(int bodies, int bytes) {
        assertThat(ReceiveWindow.share(bodies)).isEqualTo(bytes);
    }
}
