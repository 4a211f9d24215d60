package dev.slipway.gateway.login;

import io.micronaut.context.annotation.EachProperty;
import io.micronaut.context.annotation.Parameter;
import io.micronaut.core.bind.annotation.Bindable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Somebody who can say who a user is ({@code slipway.login.providers.<name>}). Off without a client id. With an issuer it is an
 * OpenID Provider that tells the rest about itself; else it speaks as GitHub does, at the three addresses given.
 */
@EachProperty("slipway.login.providers")
record ProviderSettings(
        @Parameter String name,
        @Bindable(defaultValue = "") String clientId,
        @Bindable(defaultValue = "") String clientSecret,
        @Bindable(defaultValue = "") String clientSecretFile,
        @Bindable(defaultValue = "") String issuer,
        @Bindable(defaultValue = "") String authorizationUrl,
        @Bindable(defaultValue = "") String tokenUrl,
        @Bindable(defaultValue = "") String apiUrl) {
    boolean isOn() {
        return !clientId.isBlank() && (!issuer.isBlank() || !authorizationUrl.isBlank());
    }

    boolean isOpenId() {
        return !issuer.isBlank();
    }

    URL issuerUrl() {
        try {
            return URI.create(issuer).toURL();
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw new IllegalStateException(
                    "slipway.login.providers." + name + ".issuer: " + issuer + " (expected: an address)", e);
        }
    }

    String secret() {
        if (clientSecretFile.isBlank()) {
            return clientSecret;
        }
        try {
            return Files.readString(Path.of(clientSecretFile)).strip();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "slipway.login.providers." + name + ".client-secret-file: cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "ProviderSettings[" + name + "]";
    }
}
