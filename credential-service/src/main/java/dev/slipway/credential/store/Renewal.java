package dev.slipway.credential.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the next token of a credential is to come.
 *
 * @param failures refreshes that failed since the last one that did not
 * @param problem why the last one failed, in words for the user; null if it did not
 * @param at when the next one is due; null if there is none
 */
public record Renewal(
        int failures, @Nullable String problem, @Nullable Instant at) {
    /** None. */
    public static final Renewal NONE = new Renewal(0, null, null);
}
