package dev.slipway.credential.oauth;

import dev.slipway.kit.problem.ProblemException;
import io.micronaut.context.annotation.EachProperty;
import io.micronaut.context.annotation.Parameter;
import io.micronaut.core.bind.annotation.Bindable;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the operator agreed with a provider ({@code slipway.credential.oauth.<provider>}). No client id is built in.
 *
 * <p>In an address {@code {host}} stands for the provider's host, or that of the enterprise that a user signs in at.
 *
 * @param authorizeUrl where a browser goes, for PKCE (RFC 7636)
 * @param deviceUrl where device codes come from (RFC 8628)
 * @param tokenUrl where codes and refresh tokens become tokens
 * @param revokeUrl where tokens end (RFC 7009); empty if the provider has none
 * @param redirectUri where the browser is sent with the code; agreed with the provider
 * @param exchangeUrl where a token is changed for a short-lived one; empty if it is used as it is
 * @param scopes parted by blanks
 */
@EachProperty("slipway.credential.oauth")
record OAuthClient(
        @Parameter String name,
        @Bindable(defaultValue = "") String clientId,
        @Bindable(defaultValue = "") String authorizeUrl,
        @Bindable(defaultValue = "") String deviceUrl,
        @Bindable(defaultValue = "") String tokenUrl,
        @Bindable(defaultValue = "") String revokeUrl,
        @Bindable(defaultValue = "") String redirectUri,
        @Bindable(defaultValue = "") String exchangeUrl,
        @Bindable(defaultValue = "") String scopes) {
    private static final String GITHUB = "github.com";

    /** Ends the request with 409 if no client id is configured; says which key to set. */
    void requireConfigured() {
        if (clientId.isBlank()) {
            throw ProblemException.conflict(
                    "sign-in-not-configured",
                    "Signing in at " + name
                            + " needs a client id of your own. Have an operator set slipway.credential.oauth."
                            + name + ".client-id ("
                            + name.toUpperCase(Locale.ROOT).replace('-', '_')
                            + "_CLIENT_ID), or store a key instead.");
        }
    }

    /** An address with the host put in; null is the usual host. */
    static URI at(String address, @Nullable String host) {
        return URI.create(address.replace("{host}", host == null ? GITHUB : host));
    }
}
