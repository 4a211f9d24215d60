package dev.slipway.kit.identity;

import dev.slipway.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the signed token says. A controller method takes it as a parameter.
 *
 * @param issuer the calling service
 * @param userId the user on whose behalf, {@code system} for a service's own account
 * @param projectId the project that the call is confined to; null for none
 * @param sessionId the session whose sandbox the call comes from; only in tokens of mitm-proxy
 */
public record Caller(
        String issuer,
        String userId,
        @Nullable String name,
        @Nullable String email,
        @Nullable String projectId,
        Role role,
        @Nullable String sessionId) {

    /** A service's own account, confined to a project when one is given. */
    public static Caller system(String service, @Nullable String projectId) {
        return new Caller(service, "system", null, null, projectId, Role.SYSTEM, null);
    }

    /** Ends the request with 403 if the role is lower than this. */
    public void require(Role least) {
        if (role.compareTo(least) < 0) {
            throw ProblemException.forbidden("This needs the role " + least.wireName() + " in the project; yours is "
                    + role.wireName() + ". Ask an owner of the project.");
        }
    }

    /** Ends the request with 403 unless this very service calls. */
    public void requireService(String service) {
        if (role != Role.SYSTEM || !issuer.equals(service)) {
            throw ProblemException.forbidden("Only " + service + " may call this.");
        }
    }
}
