package dev.slipway.contracts.mitm;

import io.micronaut.core.annotation.Creator;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that a model provider counted for one answer, and what they cost by the price table; null if the model has no price.
 */
@Serdeable
public record Usage(
        String model,
        long inputTokens,
        long outputTokens,
        @Nullable Double costUsd) {
    @Creator
    public Usage {}

    /** Tokens without a price. */
    public Usage(String model, long inputTokens, long outputTokens) {
        this(model, inputTokens, outputTokens, null);
    }
}
