package dev.slipway.gateway.door;

import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Lets somebody who is let in into a project that the path does not name. Blocks. */
@Singleton
public class SessionGate {
    private final Acquaintances acquaintances;
    private final SessionDirectory sessions;

    SessionGate(Acquaintances acquaintances, SessionDirectory sessions) {
        this.acquaintances = acquaintances;
        this.sessions = sessions;
    }

    /** Into the session's project; 404 for one that is unknown or foreign. */
    public Admission ofSession(Admission visitor, String session) {
        return sessions.projectOf(session)
                .flatMap(project -> member(visitor, project))
                .orElseThrow(() -> ProblemException.notFound("session"));
    }

    /** Into the project that paths without one mean. */
    public Admission atHome(Admission visitor) {
        return acquaintances
                .defaultProject(visitor.user().id())
                .flatMap(project -> member(visitor, project))
                .orElseThrow(() -> ProblemException.notFound("project"));
    }

    private Optional<Admission> member(Admission visitor, String project) {
        return acquaintances
                .role(project, visitor.user().id())
                .map(role -> new Admission(visitor.visitor(), project, role));
    }
}
