package dev.slipway.mitm.egress;

import io.micronaut.serde.annotation.Serdeable;

/** The host, or host pattern, that a user allows a session. */
@Serdeable
record AllowedHost(String host) {}
