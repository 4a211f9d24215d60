package dev.slipway.gateway.login;

import dev.slipway.gateway.door.ClientOrigin;
import dev.slipway.gateway.door.EdgeSettings;
import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.oauth2.url.OauthRouteUrlBuilder;
import jakarta.inject.Singleton;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/** Where providers send browsers back to: below the configured public address, or below the one that the browser used. */
@Singleton
@Primary
class CallbackAddress implements OauthRouteUrlBuilder<HttpRequest<?>> {
    private final EdgeSettings settings;

    CallbackAddress(EdgeSettings settings) {
        this.settings = settings;
    }

    @Override
    public URL buildLoginUrl(@Nullable HttpRequest<?> request, String provider) {
        return buildUrl(request, buildLoginUri(provider).getPath());
    }

    @Override
    public URL buildCallbackUrl(@Nullable HttpRequest<?> request, String provider) {
        return buildUrl(request, buildCallbackUri(provider).getPath());
    }

    @Override
    public URI buildLoginUri(String provider) {
        return URI.create("/auth/login/" + provider);
    }

    @Override
    public URI buildCallbackUri(String provider) {
        return URI.create("/auth/callback/" + provider);
    }

    @Override
    public URL buildUrl(@Nullable HttpRequest<?> request, String path) {
        try {
            return URI.create(base(request) + path).toURL();
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw new IllegalStateException(
                    "SLIPWAY_PUBLIC_URL: " + settings.publicUrl() + " (expected: an address)", e);
        }
    }

    private String base(@Nullable HttpRequest<?> request) {
        if (!settings.publicUrl().isBlank() || request == null) {
            return settings.publicUrl().replaceFirst("/+$", "");
        }
        String scheme = ClientOrigin.of(request).secure() ? "https" : "http";
        return scheme + "://" + request.getHeaders().get(HttpHeaders.HOST);
    }
}
