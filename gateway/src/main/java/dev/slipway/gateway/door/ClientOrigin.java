package dev.slipway.gateway.door;

import io.micronaut.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from.
 *
 * @param address the client's IP address, as the first proxy that is not ours saw it
 * @param secure whether the client's own connection is TLS
 * @param userAgent what the client calls itself
 */
public record ClientOrigin(
        String address, boolean secure, @Nullable String userAgent) {
    private static final String ATTRIBUTE = "slipway.origin";

    /** The origin of a request that a controller answers. */
    public static ClientOrigin of(HttpRequest<?> request) {
        return request.getAttribute(ATTRIBUTE, ClientOrigin.class)
                .orElseThrow(() -> new IllegalStateException("origin: none (expected: a request through the door)"));
    }

    void attachTo(HttpRequest<?> request) {
        request.setAttribute(ATTRIBUTE, this);
    }
}
