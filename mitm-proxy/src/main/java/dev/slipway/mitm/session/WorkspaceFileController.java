package dev.slipway.mitm.session;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** A workspace's proxy file: handed over by the suite, read and approved by people. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller
final class WorkspaceFileController {
    private final WorkspaceFileService files;

    WorkspaceFileController(WorkspaceFileService files) {
        this.files = files;
    }

    @Put("/api/sessions/{session}/workspace-config")
    WorkspaceFileView put(String session, @Body WorkspaceFileText body, Caller caller) {
        caller.require(Role.SYSTEM);
        return files.put(session, body.text()).orElseThrow(() -> ProblemException.notFound("proxy file"));
    }

    @Delete("/api/sessions/{session}/workspace-config")
    @Status(HttpStatus.NO_CONTENT)
    void remove(String session, Caller caller) {
        caller.require(Role.SYSTEM);
        files.put(session, null);
    }

    @Get("/internal/projects/{project}/sessions/{session}/egress/config")
    WorkspaceFileView show(String project, String session) {
        return files.show(project, session);
    }

    @Put("/internal/projects/{project}/sessions/{session}/egress/config/approval")
    WorkspaceFileView approve(String project, String session, @Body Approval body, Caller caller) {
        caller.require(Role.ADMIN);
        return files.approve(project, session, body.sha256(), caller.userId());
    }

    @Delete("/internal/projects/{project}/sessions/{session}/egress/config/approval")
    @Status(HttpStatus.NO_CONTENT)
    void disapprove(String project, String session, Caller caller) {
        caller.require(Role.ADMIN);
        files.disapprove(project, session);
    }
}
