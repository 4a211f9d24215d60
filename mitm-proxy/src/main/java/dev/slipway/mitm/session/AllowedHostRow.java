package dev.slipway.mitm.session;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;

/** A host that a user allowed a session. */
@Introspected
public record AllowedHostRow(String host, String allowedBy, Instant allowedAt) {}
