package dev.slipway.gateway.user;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One thing that a user likes. */
@Serdeable
record Preference(String key, String value, Instant updatedAt) {
    /** The time of its last change in microseconds, as fine as the database keeps it. */
    long version() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, updatedAt);
    }
}
