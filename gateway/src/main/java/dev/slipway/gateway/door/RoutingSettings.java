package dev.slipway.gateway.door;

import dev.slipway.gateway.proxy.UpstreamPool;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How requests are passed on ({@code slipway.routing}).
 *
 * @param drain how long requests in hand may still take when the gateway is told to stop
 * @param headWithin how long a connection may be open without the whole head of a request
 * @param bodyWithin how long a request's body may take where it is read as a whole; where it is passed on, how long it may pause, and
 *     over how long it must bring {@link UpstreamPool#BODY_BYTES_PER_SECOND_MIN}
 * @param accessLog whether each answer gets a line in the log named {@code access}
 * @param previewOrigin an origin of its own for previews, {@code scheme://host[:port]}; blank to confine them by a sandbox
 *     policy on the API's origin instead. The host must lead to the gateway too, and stand in {@code SLIPWAY_HOSTS}
 */
@ConfigurationProperties("slipway.routing")
record RoutingSettings(
        @Bindable(defaultValue = "10s") Duration drain,
        @Bindable(defaultValue = "75s") Duration headWithin,
        @Bindable(defaultValue = "60s") Duration bodyWithin,
        @Bindable(defaultValue = "true") boolean accessLog,
        @Bindable(defaultValue = "") String previewOrigin) {
    RoutingSettings {
        if (!headWithin.isPositive() || !bodyWithin.isPositive()) {
            throw new IllegalArgumentException("slipway.routing: headWithin " + headWithin + ", bodyWithin "
                    + bodyWithin + " (expected: both > 0s)");
        }
        if (!previewOrigin.isBlank() && !previewOrigin.matches("https?://[^/*]+")) {
            throw new IllegalArgumentException(
                    "PREVIEW_ORIGIN: " + previewOrigin + " (expected: scheme://host[:port], or nothing)");
        }
    }

    /** Host and port of the previews' own origin, as a browser says them. */
    Optional<String> previewHost() {
        return previewOrigin.isBlank()
                ? Optional.empty()
                : Optional.of(URI.create(previewOrigin).getAuthority().toLowerCase(Locale.ROOT));
    }
}
