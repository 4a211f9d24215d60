package dev.slipway.contracts.mitm;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Where a session's traffic goes in: the Unix socket's path on this host, and the authority to trust.
 */
@Serdeable
public record EgressDoor(String socket, String caPem) {}
