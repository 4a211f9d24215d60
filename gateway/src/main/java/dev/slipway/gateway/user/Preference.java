package dev.slipway.gateway.user;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/** One thing that a user likes. */
@Serdeable
record Preference(String key, String value, Instant updatedAt) {}
