package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.SessionGate;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;

/** The session to work in, whether it is there already or not. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/sessions")
class SessionFinderController {
    private final SessionGate gate;
    private final WorkspaceFinder workspaces;
    private final SessionFinder sessions;

    SessionFinderController(SessionGate gate, WorkspaceFinder workspaces, SessionFinder sessions) {
        this.gate = gate;
        this.workspaces = workspaces;
        this.sessions = sessions;
    }

    @Post("/get-or-create")
    HttpResponse<Map<String, Object>> find(Admission admission, @Body Map<String, Object> body) {
        Admission home = gate.atHome(admission);
        SessionFinder.Found found = sessions.find(home, workspaces.named(home, body));
        return found.made() ? HttpResponse.created(found.session()) : HttpResponse.ok(found.session());
    }
}
