package dev.slipway.gateway.webhook;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How webhooks are sent ({@code slipway.webhooks}).
 *
 * @param allowPrivate whether they may go to addresses that are not of the internet, and without TLS
 * @param key what their secrets are encrypted with, base64, 32 bytes or more; blank for a key derived from the internal one
 * @param timeout how long one try may take in all
 * @param firstRetry how long after the first failure it is tried again; each later pause is three times the one before, six hours
 *     at most
 * @param attempts after how many failures a delivery is given up
 */
@ConfigurationProperties("slipway.webhooks")
record WebhookSettings(
        @Bindable(defaultValue = "false") boolean allowPrivate,
        @Bindable(defaultValue = "") String key,
        @Bindable(defaultValue = "15s") Duration timeout,
        @Bindable(defaultValue = "5s") Duration firstRetry,
        @Bindable(defaultValue = "12") int attempts) {
    WebhookSettings {
        if (attempts < 1 || attempts > 50 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("slipway.webhooks: attempts " + attempts + ", timeout " + timeout
                    + " (expected: 1 to 50 attempts, a timeout > 0s)");
        }
    }

    @Override
    public String toString() {
        return "WebhookSettings[allowPrivate=" + allowPrivate + ", timeout=" + timeout + ", attempts=" + attempts + "]";
    }
}
