package dev.slipway.container.agent;

import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The whole API of a sandbox's agent, for services only: session-service speaks to agents through this. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sandboxes/{session}/agent")
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
class AgentController {
    private final AgentProxy proxy;
    private final SandboxStore store;

    AgentController(AgentProxy proxy, SandboxStore store) {
        this.proxy = proxy;
        this.store = store;
    }

    @Get("/{+path}")
    HttpResponse<AgentAnswer> get(String project, String session, Caller caller, HttpRequest<?> request) {
        return pass(project, session, caller, request);
    }

    @Post("/{+path}")
    HttpResponse<AgentAnswer> post(String project, String session, Caller caller, HttpRequest<?> request) {
        store.touch(session);
        return pass(project, session, caller, request);
    }

    @Put("/{+path}")
    HttpResponse<AgentAnswer> put(String project, String session, Caller caller, HttpRequest<?> request) {
        return pass(project, session, caller, request);
    }

    @Delete("/{+path}")
    HttpResponse<AgentAnswer> delete(String project, String session, Caller caller, HttpRequest<?> request) {
        return pass(project, session, caller, request);
    }

    private HttpResponse<AgentAnswer> pass(String project, String session, Caller caller, HttpRequest<?> request) {
        caller.require(Role.SYSTEM);
        return proxy.pass(project, session, request, Targets.after(request, "agent"));
    }
}
