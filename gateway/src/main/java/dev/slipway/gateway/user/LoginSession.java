package dev.slipway.gateway.user;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A login as its user sees it; {@code current} is the one that asks. */
@Serdeable
record LoginSession(
        String id,
        String provider,
        @Nullable String userAgent,
        @Nullable String address,
        boolean current,
        Instant createdAt,
        Instant expiresAt) {}
