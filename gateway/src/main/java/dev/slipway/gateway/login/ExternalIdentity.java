package dev.slipway.gateway.login;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is at a provider.
 *
 * @param subject the provider's own id of the user, which never changes
 * @param email only if the provider has verified it; null otherwise
 * @param username what the user is called there, a suggestion for the name here
 */
record ExternalIdentity(
        String provider,
        String subject,
        @Nullable String email,
        String username,
        @Nullable String displayName) {
    private static final String KEY = "slipway.identity";

    /** As an attribute of what the protocol library hands over. */
    Map<String, Object> asAttributes() {
        return Map.of(KEY, this);
    }

    static ExternalIdentity from(Map<String, Object> attributes) {
        return (ExternalIdentity) Objects.requireNonNull(attributes.get(KEY));
    }
}
