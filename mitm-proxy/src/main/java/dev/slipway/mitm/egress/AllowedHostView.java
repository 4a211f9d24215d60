package dev.slipway.mitm.egress;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/** A host that a user allowed a session, and who did so when. */
@Serdeable
record AllowedHostView(String host, String allowedBy, Instant allowedAt) {}
