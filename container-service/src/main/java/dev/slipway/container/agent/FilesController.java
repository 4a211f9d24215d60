package dev.slipway.container.agent;

import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The files, services and hooks of a sandbox, for every member of its project; agent itself answers. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}")
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
class FilesController {
    private final AgentProxy proxy;
    private final SandboxStore store;

    FilesController(AgentProxy proxy, SandboxStore store) {
        this.proxy = proxy;
        this.store = store;
    }

    @Get(uris = {"/files", "/files/{+path}", "/services", "/services/{+path}", "/hooks/{+path}"})
    HttpResponse<AgentAnswer> read(String project, String session, Caller caller, HttpRequest<?> request) {
        return pass(project, session, caller, request);
    }

    @Put("/files/{+path}")
    HttpResponse<AgentAnswer> write(String project, String session, Caller caller, HttpRequest<?> request) {
        return pass(project, session, caller, request);
    }

    @Post(uris = {"/files/{+path}", "/services/{+path}", "/hooks/{+path}"})
    HttpResponse<AgentAnswer> change(String project, String session, Caller caller, HttpRequest<?> request) {
        return pass(project, session, caller, request);
    }

    private HttpResponse<AgentAnswer> pass(String project, String session, Caller caller, HttpRequest<?> request) {
        caller.require(Role.MEMBER);
        HttpResponse<AgentAnswer> response = proxy.pass(project, session, request, Targets.from(request));
        store.touch(session);
        return response;
    }
}
