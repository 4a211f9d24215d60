package dev.slipway.session.lifecycle;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;

/** Tells other services which project a session belongs to, where a path names the session alone. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/sessions")
class InternalSessionController {
    private final SessionRepository sessions;

    InternalSessionController(SessionRepository sessions) {
        this.sessions = sessions;
    }

    @Get("/{session}")
    SessionPlace get(Caller caller, String session) {
        caller.require(Role.SYSTEM);
        return sessions.find(session)
                .map(found -> new SessionPlace(
                        found.id(),
                        found.projectId(),
                        found.workspaceId(),
                        found.state().status()))
                .orElseThrow(() -> ProblemException.notFound("session"));
    }

    /** Where a session belongs. */
    @Serdeable
    record SessionPlace(String id, String projectId, String workspaceId, String status) {}
}
