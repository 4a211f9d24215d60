package dev.slipway.mitm.usage;

import io.micronaut.serde.annotation.Serdeable;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One sum of a project's usage. Of the first three only the one that was asked for is set.
 *
 * @param day as in ISO 8601, UTC
 * @param unpricedCalls how many of the calls were to models without a price; their cost is not in {@code costUsd}
 */
@Serdeable
record UsageLine(
        @Nullable String sessionId,
        @Nullable String day,
        @Nullable String model,
        long calls,
        long unpricedCalls,
        long inputTokens,
        long outputTokens,
        BigDecimal costUsd) {}
