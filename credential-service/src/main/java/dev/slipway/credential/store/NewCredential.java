package dev.slipway.credential.store;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * A credential as a user sends it.
 *
 * @param provider a provider of the catalogue, or any name for another one of some kind
 * @param kind what of the catalogue it is, where {@code provider} is a name of the user's own; {@code custom} unless said
 * @param personal whether it is for the caller's own sessions alone; the project's unless said
 * @param authType {@code api_key} unless said; {@code header}, {@code query} and {@code basic} say the place of a custom one
 * @param apiKey the secret; {@code value} is another name for it
 * @param generate for {@code ssh}, instead of a secret: {@code ed25519}, {@code ecdsa} or {@code rsa}
 * @param host where it is used: for custom credentials and registries
 * @param pathPrefix confines a custom one to paths that begin so
 * @param header the header that a custom one goes into
 * @param query the query parameter instead of a header
 * @param username the user of HTTP Basic instead of a header
 * @param template the header's or parameter's value, with {@code {secret}} where the secret goes; the secret alone unless said
 * @param scope what it is limited to; nothing unless said
 */
@Serdeable
record NewCredential(
        @Nullable String provider,
        @Nullable String kind,
        @Nullable String name,
        @Nullable Boolean personal,
        @Nullable String authType,
        @Nullable String apiKey,
        @Nullable String value,
        @Nullable String generate,
        @Nullable String host,
        @Nullable String pathPrefix,
        @Nullable String header,
        @Nullable String query,
        @Nullable String username,
        @Nullable String template,
        @Nullable ScopeView scope) {
    boolean isPersonal() {
        return Boolean.TRUE.equals(personal);
    }

    @Override
    public String toString() {
        return "NewCredential[provider=" + provider + ", hidden]";
    }
}
