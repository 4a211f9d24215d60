package dev.slipway.gateway.limit;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How many requests a second, in the long run, and at once ({@code slipway.rate}); a rate of 0 is no limit. Without login there are
 * no limits: there is but one user, who sits at the machine.
 *
 * @param address of one client address, logged in or not
 * @param user of one user, by whatever it shows itself
 * @param token of one API token
 * @param burst how many times a second's requests may come at once
 */
@ConfigurationProperties("slipway.rate")
record RateSettings(
        @Bindable(defaultValue = "200") double address,
        @Bindable(defaultValue = "100") double user,
        @Bindable(defaultValue = "50") double token,
        @Bindable(defaultValue = "10") double burst) {
    RateSettings {
        if (address < 0 || user < 0 || token < 0 || burst < 1) {
            throw new IllegalArgumentException("slipway.rate: " + address + ", " + user + ", " + token + ", burst "
                    + burst + " (expected: rates of 0 or more, a burst of 1 or more)");
        }
    }
}
