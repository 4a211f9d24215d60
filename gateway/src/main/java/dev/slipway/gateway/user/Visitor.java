package dev.slipway.gateway.user;

/**
 * A user as one request shows itself.
 *
 * @param proof by what the user is known
 * @param scope what an API token may do at most; {@link Scope#ADMIN} for everything else
 */
public record Visitor(User user, Proof proof, Scope scope) {
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
