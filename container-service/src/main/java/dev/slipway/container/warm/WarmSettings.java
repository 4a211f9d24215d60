package dev.slipway.container.warm;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How many sandboxes are held ready ({@code slipway.warm-pool.*}).
 *
 * @param size at least so many of the default image, whether anybody has asked for one or not
 * @param max at most so many of all images together; 0 for none at all
 * @param keep how long after the last start of its kind one is held
 * @param lookEvery how often it is looked whether those that stand ready still live and are still of use
 */
@ConfigurationProperties("slipway.warm-pool")
public record WarmSettings(
        @Bindable(defaultValue = "0") int size,
        @Bindable(defaultValue = "2") int max,
        @Bindable(defaultValue = "30m") Duration keep,
        @Bindable(defaultValue = "5s") Duration lookEvery) {
    private static final int MOST = 200;

    public WarmSettings {
        if (max < 0 || max > MOST) {
            throw new IllegalArgumentException("slipway.warm-pool.max: " + max + " (expected: 0 to " + MOST + ")");
        }
        if (size < 0 || size > max) {
            throw new IllegalArgumentException(
                    "slipway.warm-pool.size: " + size + " (expected: 0 to slipway.warm-pool.max, " + max + ")");
        }
        if (lookEvery.isNegative() || lookEvery.isZero()) {
            throw new IllegalArgumentException("slipway.warm-pool.look-every: " + lookEvery + " (expected: > 0s)");
        }
        if (keep.isNegative() || keep.isZero()) {
            throw new IllegalArgumentException("slipway.warm-pool.keep: " + keep + " (expected: > 0s)");
        }
    }
}
