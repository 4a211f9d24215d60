package dev.slipway.credential.oauth;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How tokens are refreshed.
 *
 * @param lease how long a refresh belongs to one process. Far longer than a call may take, so that a token that is on its way is
 *     never asked for twice; shorter than the time that is left when a refresh begins, so that another process can take over
 * @param firstPause after the first failure; it doubles with each further one
 * @param longestPause between two tries
 */
@ConfigurationProperties("slipway.credential.refresh")
record RefreshSettings(
        @Bindable(defaultValue = "2m") Duration lease,
        @Bindable(defaultValue = "5s") Duration firstPause,
        @Bindable(defaultValue = "15m") Duration longestPause) {
    /** How long to wait after this many failures; a tenth of it is left to chance, so that many do not come at once. */
    Duration pause(int failures) {
        long doubled = firstPause.toMillis() << Math.min(failures, 20);
        long millis = doubled <= 0 ? longestPause.toMillis() : Math.min(doubled, longestPause.toMillis());
        return Duration.ofMillis(
                millis - java.util.concurrent.ThreadLocalRandom.current().nextLong(millis / 10 + 1));
    }
}
