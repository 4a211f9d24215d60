package dev.slipway.contracts.agent;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Who a commit is by.
 */
@Serdeable
public record Author(String name, String email) {}
