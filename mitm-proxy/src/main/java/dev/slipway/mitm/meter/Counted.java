package dev.slipway.mitm.meter;

import dev.slipway.contracts.mitm.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a provider counted for one answer, in tokens. The four counts share no token.
 *
 * @param input read afresh
 * @param cacheRead read from the provider's cache
 * @param cacheWritten read and written to that cache
 * @param output written, thoughts included
 */
public record Counted(String model, long input, long cacheRead, long cacheWritten, long output) {
    /** As the rest of the suite knows it, with the cost if the model has a price. */
    public Usage usage(PriceTable prices) {
        Long micros = costMicros(prices);
        return new Usage(
                model, input + cacheRead + cacheWritten, output, micros == null ? null : micros / PriceTable.MICROS);
    }

    /** The cost in millionths of a US dollar; null if the model has no price. */
    public @Nullable Long costMicros(PriceTable prices) {
        return prices.of(model)
                .map(price -> Math.round(input * price.input()
                        + cacheRead * price.cacheRead()
                        + cacheWritten * price.cacheWrite()
                        + output * price.output()))
                .orElse(null);
    }
}
