package dev.slipway.container.command;

import dev.slipway.container.agent.AgentAnswer;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** One command in a session's sandbox. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}")
class CommandController {
    private final Commands commands;

    CommandController(Commands commands) {
        this.commands = commands;
    }

    @Post("/cmd")
    HttpResponse<AgentAnswer> run(String project, String session, Caller caller, @Body SandboxCommand command) {
        caller.require(Role.MEMBER);
        return HttpResponse.ok(commands.run(project, session, command)).contentType(MediaType.APPLICATION_JSON_TYPE);
    }
}
