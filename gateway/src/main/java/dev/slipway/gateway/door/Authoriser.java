package dev.slipway.gateway.door;

import dev.slipway.gateway.door.Destination.ProjectOf;
import dev.slipway.gateway.user.Visitor;
import dev.slipway.gateway.user.Visitor.Proof;
import dev.slipway.gateway.user.Visitor.Scope;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The one place that decides whether a request may pass, for what is proxied and for what is answered here. */
@Singleton
class Authoriser {
    private final EdgeRules rules;
    private final Acquaintances acquaintances;
    private final SessionDirectory sessions;

    Authoriser(EdgeRules rules, Acquaintances acquaintances, SessionDirectory sessions) {
        this.rules = rules;
        this.acquaintances = acquaintances;
        this.sessions = sessions;
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
                member(visitor, id).orElseThrow(() -> ProblemException.notFound("project"));
            case ProjectOf.OfSession(String session) ->
                sessions.projectOf(session)
                        .flatMap(project -> member(visitor, project))
                        .orElseGet(() -> atHome(visitor));
            case ProjectOf.OnlyOfSession(String session) ->
                sessions.projectOf(session)
                        .flatMap(project -> member(visitor, project))
                        .orElseThrow(() -> ProblemException.notFound("session"));
            case ProjectOf.Default() -> atHome(visitor);
        };
    }

    /** As {@link #admit(Knock, ProjectOf)}, where nobody may wait; empty if something would have to be asked for. */
    Optional<Admission> admitAtOnce(Knock knock, ProjectOf wanted) {
        return acquaintances.holds(knock, wanted) ? Optional.of(admit(knock, wanted)) : Optional.empty();
    }

    /** Something was changed that may bear on who may do what. */
    void forget() {
        acquaintances.forget();
    }

    private Optional<Admission> member(Visitor visitor, String project) {
        return acquaintances.role(project, visitor.user().id()).map(role -> new Admission(visitor, project, role));
    }

    private Admission atHome(Visitor visitor) {
        return acquaintances
                .defaultProject(visitor.user().id())
                .flatMap(project -> member(visitor, project))
                .orElseThrow(() -> ProblemException.notFound("project"));
    }

    private Visitor visitor(Knock knock) {
        Visitor visitor = acquaintances
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
}
