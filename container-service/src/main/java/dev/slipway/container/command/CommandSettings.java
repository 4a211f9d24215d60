package dev.slipway.container.command;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * What {@code POST …/cmd} may do ({@code slipway.commands.*}).
 *
 * @param allow the commands, separated by commas or line breaks (CMD_ALLOWLIST); an entry that ends with {@code *} allows any
 *     further arguments, {@code *} alone any command; empty allows none
 * @param timeout where the request names none
 * @param timeoutMax the longest that a request may name
 * @param outputBytes how much of each stream is kept
 */
@ConfigurationProperties("slipway.commands")
public record CommandSettings(
        @Bindable(defaultValue = "") String allow,
        @Bindable(defaultValue = "60s") Duration timeout,
        @Bindable(defaultValue = "10m") Duration timeoutMax,
        @Bindable(defaultValue = "1048576") int outputBytes) {
    public CommandSettings {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(timeoutMax) > 0) {
            throw new IllegalArgumentException("slipway.commands.timeout: " + timeout
                    + " (expected: > 0s, at most timeout-max, " + timeoutMax + ")");
        }
        if (outputBytes < 1 || outputBytes > 4 * 1024 * 1024) {
            throw new IllegalArgumentException(
                    "slipway.commands.output-bytes: " + outputBytes + " (expected: 1 to 4194304)");
        }
    }
}
