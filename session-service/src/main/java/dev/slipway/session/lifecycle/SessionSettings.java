package dev.slipway.session.lifecycle;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * How long things may take ({@code slipway.session.*}).
 *
 * @param progressTimeout a session on its way to ready fails after this long without progress
 * @param removalTimeout a removal is completed after this long even if nobody confirmed it
 * @param dispatchTimeout a turn fails if the agent did not begin it in this time
 * @param silenceTimeout a turn fails if the agent said nothing for this long
 * @param requestTimeout what an agent asks is answered with the default after this long
 * @param cancelTimeout a cancelled turn is ended after this long even if the agent did not
 */
@ConfigurationProperties("slipway.session")
public record SessionSettings(
        Duration progressTimeout,
        Duration removalTimeout,
        Duration dispatchTimeout,
        Duration silenceTimeout,
        Duration requestTimeout,
        Duration cancelTimeout) {
    public SessionSettings {
        positive("progress-timeout", progressTimeout);
        positive("removal-timeout", removalTimeout);
        positive("dispatch-timeout", dispatchTimeout);
        positive("silence-timeout", silenceTimeout);
        positive("request-timeout", requestTimeout);
        positive("cancel-timeout", cancelTimeout);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("slipway.session." + name + ": " + value + " (expected: > 0s)");
        }
    }
}
