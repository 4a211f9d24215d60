package dev.slipway.contracts.mitm;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Tokens that a model provider counted for one answer.
 */
@Serdeable
public record Usage(String model, long inputTokens, long outputTokens) {}
