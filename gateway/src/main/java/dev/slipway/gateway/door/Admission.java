package dev.slipway.gateway.door;

import dev.slipway.gateway.user.User;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.gateway.user.Visitor.Scope;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Leave to pass.
 *
 * @param projectId the project that the request is about, of which the visitor is a member
 * @param role the visitor's in it
 */
public record Admission(
        Visitor visitor,
        @Nullable String projectId,
        @Nullable Role role) {
    /** The visitor as the services see it. */
    public Caller caller(String service) {
        User user = visitor.user();
        return new Caller(service, user.id(), user.displayName(), user.email(), project(), role(), null);
    }

    /** The project; only for paths that have one. */
    public String project() {
        if (projectId == null) {
            throw new IllegalStateException("project: none (expected: a path in a project)");
        }
        return projectId;
    }

    /** The role in the project; only for paths that have one. */
    @Override
    public Role role() {
        if (role == null) {
            throw new IllegalStateException("role: none (expected: a path in a project)");
        }
        return role;
    }

    /** The user. */
    public User user() {
        return visitor.user();
    }

    /** Ends the request with 403 if the role in the project is lower than this. */
    public void require(Role least) {
        if (role().compareTo(least) < 0) {
            throw ProblemException.forbidden("This needs the role " + least.wireName() + " in the project; yours is "
                    + role().wireName() + ". Ask an owner of the project.");
        }
    }

    /** Ends the request with 403 unless it comes from the user in person, not from a token of limited scope. */
    public void requireAccountScope() {
        if (visitor.scope() != Scope.ADMIN) {
            throw ProblemException.forbidden("This token's scope is " + visitor.scope() + "; this needs ADMIN.");
        }
    }

    /** Ends the request with 404 unless the user administers this installation. */
    public void requireSystemAdmin() {
        if (!user().systemAdmin()) {
            throw ProblemException.notFound("page");
        }
        requireAccountScope();
    }
}
