package dev.slipway.session.lifecycle;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** What sessions of a workspace may have. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/workspaces/{workspace}/limits")
class WorkspaceLimitsController {
    private final ProjectBounds bounds;
    private final SessionService sessions;

    WorkspaceLimitsController(ProjectBounds bounds, SessionService sessions) {
        this.bounds = bounds;
        this.sessions = sessions;
    }

    @Get
    WorkspaceLimits show(Caller caller, String project, String workspace) {
        sessions.requireWorkspace(caller, project, workspace);
        return bounds.ofWorkspace(project, workspace);
    }

    @Put
    WorkspaceLimits set(Caller caller, String project, String workspace, @Body WorkspaceLimits body) {
        caller.require(Role.ADMIN);
        WorkspaceLimits limits = body.checked();
        sessions.requireWorkspace(caller, project, workspace);
        bounds.saveWorkspace(project, workspace, limits);
        return limits;
    }
}
