package dev.slipway.gateway.door;

import dev.slipway.gateway.user.Visitor.Scope;
import java.util.regex.Pattern;

/**
 * What scope an API token needs for a request: {@code read} to look, {@code write} to work in projects, {@code admin} for whatever
 * gives rights or takes them: accounts, tokens, logins, members, credentials, limits, budgets, webhooks, the project itself.
 */
final class Scopes {
    private static final String PROJECTS = "/api/projects/";
    private static final Pattern ACCOUNT =
            Pattern.compile("/(api/(admin|tokens)|auth/(sessions|link|identities))(/.*)?");
    private static final Pattern RIGHTS =
            Pattern.compile("/api/projects/[^/]+(/(members|invitations|limits|credentials|webhooks)(/.*)?)?"
                    + "|/api/projects/[^/]+/workspaces/[^/]+/limits"
                    + "|/api/(projects/[^/]+/)?sessions/[^/]+/egress/(budget|config/approval)");

    private Scopes() {}

    static Scope needed(Knock knock) {
        String path = withoutSlashAtItsEnd(knock.path());
        // Most paths are in a project, and need no closer look at this.
        if (!path.startsWith(PROJECTS) && ACCOUNT.matcher(path).matches()) {
            return Scope.ADMIN;
        }
        if (knock.safe() && !knock.webSocket()) {
            return Scope.READ;
        }
        return RIGHTS.matcher(path).matches() ? Scope.ADMIN : Scope.WRITE;
    }

    /** Routes, here and at the services, take a path with one slash more at its end for the same. */
    private static String withoutSlashAtItsEnd(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
