package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.gateway.limit.RateLimits;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.gateway.user.Visitor.Proof;
import dev.slipway.gateway.user.Visitor.Scope;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;

/** The one place that decides whether a request may pass, for what is proxied and for what is answered here. */
@Singleton
class Authoriser {
    private final EdgeRules rules;
    private final Acquaintances acquaintances;
    private final SessionDirectory sessions;
    private final RateLimits limits;

    Authoriser(EdgeRules rules, Acquaintances acquaintances, SessionDirectory sessions, RateLimits limits) {
        this.rules = rules;
        this.acquaintances = acquaintances;
        this.sessions = sessions;
        this.limits = limits;
    }

    /** Counts a request, once, before anything is done about it. Does not block. */
    void meter(Knock knock) {
        if (!knock.path().startsWith("/health")) {
            limits.takeForAddress(knock.origin().address());
        }
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
        return switch (wanted) {
            case ProjectOf.Named(String id) ->
                member(knock, visitor, id).orElseThrow(() -> ProblemException.notFound("project"));
            case ProjectOf.OfSession(String session) ->
                sessions.projectOf(session)
                        .flatMap(project -> member(knock, visitor, project))
                        .orElseGet(() -> atHome(knock, visitor));
            case ProjectOf.OnlyOfSession(String session) ->
                sessions.projectOf(session)
                        .flatMap(project -> member(knock, visitor, project))
                        .orElseThrow(() -> ProblemException.notFound("session"));
            case ProjectOf.Default() -> atHome(knock, visitor);
        };
    }

    /** As {@link #admit(Knock, ProjectOf)}, where nobody may wait; empty if something would have to be asked for. */
    Optional<Admission> admitAtOnce(Knock knock, ProjectOf wanted) {
        return acquaintances.known(knock, wanted).map(known -> {
            letIn(knock, known.visitor());
            knock.witness().admitted(known.visitor(), known.project());
            return new Admission(known.visitor(), known.project(), known.role());
        });
    }

    /** Something was changed that may bear on who may do what. */
    void forget() {
        acquaintances.forget();
    }

    private Optional<Admission> member(Knock knock, Visitor visitor, String project) {
        knock.witness().admitted(visitor, project);
        return acquaintances.role(project, visitor.user().id()).map(role -> new Admission(visitor, project, role));
    }

    private Admission atHome(Knock knock, Visitor visitor) {
        return acquaintances
                .defaultProject(visitor.user().id())
                .flatMap(project -> member(knock, visitor, project))
                .orElseThrow(() -> ProblemException.notFound("project"));
    }

    private Visitor visitor(Knock knock) {
        Visitor visitor = acquaintances
                .visitor(knock.all("Authorization"), knock.all("Cookie"))
                .orElseThrow(() -> ProblemException.of(
                        HttpStatus.UNAUTHORIZED,
                        "unauthorized",
                        "Log in first, or send a valid token as Authorization: Bearer."));
        letIn(knock, visitor);
        return visitor;
    }

    /** Ends the request if its sender is known, and may not send it. */
    private void letIn(Knock knock, Visitor visitor) {
        if (visitor.proof() == Proof.COOKIE) {
            rules.screenCookie(knock);
        }
        knock.witness().admitted(visitor, null);
        limits.takeFor(visitor);
        Scope needed = Scopes.needed(knock);
        if (visitor.scope().compareTo(needed) < 0) {
            throw ProblemException.forbidden("This token's scope is " + name(visitor.scope()) + "; this needs "
                    + name(needed) + ". Make a token with that scope.");
        }
    }

    private static String name(Scope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }
}
