package dev.slipway.credential.rotation;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How keys are changed.
 *
 * @param dataKeyLifetime how old a data key becomes before its secret is sealed anew with a fresh one; at least an hour
 */
@ConfigurationProperties("slipway.credential.rotation")
record RotationSettings(@Bindable(defaultValue = "90d") Duration dataKeyLifetime) {
    RotationSettings {
        if (dataKeyLifetime.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException(
                    "slipway.credential.rotation.data-key-lifetime: " + dataKeyLifetime + " (expected: at least 1h)");
        }
    }

    /** Data keys that were made before this are due. */
    Instant dueBefore(Clock clock) {
        return clock.instant().minus(dataKeyLifetime);
    }
}
