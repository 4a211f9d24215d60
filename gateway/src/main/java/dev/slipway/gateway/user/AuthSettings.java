package dev.slipway.gateway.user;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * Login ({@code slipway.auth}).
 *
 * @param enabled whether users log in; if not, everyone is the anonymous user
 * @param signingKey PEM of the keys of access tokens; or by file
 * @param bootstrapCode an invite code that is good for the very first user
 * @param adminEmail whoever a provider says to have this address, verified, becomes administrator
 * @param anonymousAnywhere allows listening beyond loopback without login
 */
@ConfigurationProperties("slipway.auth")
public record AuthSettings(
        @Bindable(defaultValue = "false") boolean enabled,
        @Bindable(defaultValue = "") String signingKey,
        @Bindable(defaultValue = "") String signingKeyFile,
        @Bindable(defaultValue = "") String bootstrapCode,
        @Bindable(defaultValue = "") String adminEmail,
        @Bindable(defaultValue = "false") boolean anonymousAnywhere) {
    @Override
    public String toString() {
        return "AuthSettings[enabled=" + enabled + "]";
    }
}
