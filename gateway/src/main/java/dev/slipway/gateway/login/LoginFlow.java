package dev.slipway.gateway.login;

import io.micronaut.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A login that is away at a provider: what must come back, and where to go then.
 *
 * @param state as the protocol library writes it
 * @param returnPath where the browser goes in the end, a path of ours
 * @param linkTo the account that the identity is to be linked to; null for a login
 */
record LoginFlow(
        String provider,
        String state,
        @Nullable String nonce,
        String codeVerifier,
        String returnPath,
        @Nullable String inviteCode,
        @Nullable String linkTo) {
    private static final String ATTRIBUTE = "slipway.login.flow";

    void attachTo(HttpRequest<?> request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    static Optional<LoginFlow> of(HttpRequest<?> request) {
        return request.getAttribute(ATTRIBUTE, LoginFlow.class);
    }

    @Override
    public String toString() {
        return "LoginFlow[" + provider + "]";
    }
}
