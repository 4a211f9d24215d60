package dev.slipway.contracts.credential;

import io.micronaut.serde.annotation.Serdeable;

/**
 * A rule holds only if the request has this header with exactly this value.
 */
@Serdeable
public record Condition(String header, String equals) {}
