package dev.slipway.mitm.session;

import io.micronaut.serde.annotation.Serdeable;

/** Which text an admin approves, so that it is the one that was read. */
@Serdeable
record Approval(String sha256) {}
