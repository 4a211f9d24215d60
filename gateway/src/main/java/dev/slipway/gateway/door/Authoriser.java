package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.gateway.project.Memberships;
import dev.slipway.gateway.user.Identities;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.gateway.user.Visitor.Proof;
import dev.slipway.gateway.user.Visitor.Scope;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The one place that decides whether a request may pass, for what is proxied and for what is answered here. */
@Singleton
class Authoriser {
    private final EdgeRules rules;
    private final Identities identities;
    private final Memberships memberships;

    Authoriser(EdgeRules rules, Identities identities, Memberships memberships) {
        this.rules = rules;
        this.identities = identities;
        this.memberships = memberships;
    }

    /** What can be said without asking anyone; ends the request if it may not pass. */
    void screen(Knock knock) {
        rules.screen(knock);
    }

    /** Lets a user in who is about nothing in particular. Blocks. */
    Admission admit(Knock knock) {
        Visitor visitor = visitor(knock);
        return new Admission(visitor, null, null);
    }

    /** Lets a user into a project; 404 for a stranger as for a project that does not exist. Blocks. */
    Admission admit(Knock knock, ProjectOf wanted) {
        Visitor visitor = visitor(knock);
        String userId = visitor.user().id();
        String project = switch (wanted) {
            case ProjectOf.Named(String id) -> id;
            case ProjectOf.OfSession(String session) ->
                memberships.projectOfSession(session).orElseGet(() -> defaultProject(userId));
            case ProjectOf.Default() -> defaultProject(userId);
        };
        Optional<Role> role = memberships.role(project, userId);
        return new Admission(visitor, project, role.orElseThrow(() -> ProblemException.notFound("project")));
    }

    private Visitor visitor(Knock knock) {
        Visitor visitor = identities
                .visitor(knock.all("Authorization"), knock.all("Cookie"))
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.UNAUTHORIZED,
                        "unauthorized",
                        "Log in first, or send a valid token as Authorization: Bearer."));
        if (visitor.proof() == Proof.COOKIE) {
            rules.screenCookie(knock);
        }
        boolean changes = !knock.safe() || knock.webSocket();
        if (visitor.scope() == Scope.READ && changes) {
            throw ProblemException.forbidden("This token may only read. Make one with the scope write.");
        }
        return visitor;
    }

    private String defaultProject(String userId) {
        return memberships.defaultProject(userId).orElseThrow(() -> ProblemException.notFound("project"));
    }
}
