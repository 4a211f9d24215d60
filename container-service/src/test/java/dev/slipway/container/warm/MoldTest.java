package dev.slipway.container.warm;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What two sandboxes made ahead have in common. */
@NullMarked
class MoldTest {
    @Test
    void oneThatLiesElsewhereOrWasMadeByAnotherVersionIsAnother() {
        String mold = new Mold("sha256:1", 64, 1024, "runc", "/run/slipway", "0.1.0").text();

        assertThat(new Mold("sha256:1", 64, 1024, "runc", "/run/slipway", "0.1.0").text())
                .isEqualTo(mold);
        assertThat(new Mold("sha256:1", 64, 1024, "runc", "/run/other", "0.1.0").text())
                .isNotEqualTo(mold);
        assertThat(new Mold("sha256:1", 64, 1024, "runc", "/run/slipway", "0.2.0").text())
                .isNotEqualTo(mold);
    }
}
