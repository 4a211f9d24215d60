package dev.slipway.gateway.user;

import org.jspecify.annotations.Nullable;

/**
 * A user as one request shows itself.
 *
 * @param proof by what the user is known
 * @param credential the id of the login session or API token that it is known by; null for the anonymous user
 * @param provider by what the login was made: {@code password}, a provider's name, {@code anonymous} or {@code token}
 * @param scope what an API token may do at most; {@link Scope#ADMIN} for everything else
 */
public record Visitor(
        User user, Proof proof, Scope scope, @Nullable String credential, String provider) {
    /** By what a user is known. */
    public enum Proof {
        ANONYMOUS,
        COOKIE,
        ACCESS_TOKEN,
        API_TOKEN
    }

    /** What a token may do, each more than the one before. */
    public enum Scope {
        /** Safe methods only. */
        READ,
        /** All that the user may do in projects. */
        WRITE,
        /** Also accounts, tokens and administration. */
        ADMIN
    }
}
