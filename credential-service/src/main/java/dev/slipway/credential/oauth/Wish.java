package dev.slipway.credential.oauth;

import dev.slipway.credential.store.ScopeView;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What the credential is to be that a sign-in gives; kept as it is, so it holds no secret.
 *
 * @param personal whether it is the user's own; the project's unless said
 * @param name for people
 * @param redirectUri where the browser is sent; the configured one unless said
 * @param host of the enterprise that the user signs in at; null for the usual one
 */
@Serdeable
record Wish(
        @Nullable Boolean personal,
        @Nullable String name,
        @Nullable ScopeView scope,
        @Nullable String redirectUri,
        @Nullable String host) {
    boolean isPersonal() {
        return Boolean.TRUE.equals(personal);
    }
}
