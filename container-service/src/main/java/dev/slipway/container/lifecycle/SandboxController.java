package dev.slipway.container.lifecycle;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Tells other services what became of a sandbox. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sandboxes/{session}")
class SandboxController {
    private final SandboxStore store;

    SandboxController(SandboxStore store) {
        this.store = store;
    }

    @Get
    SandboxView show(String project, String session, Caller caller) {
        caller.require(Role.MEMBER);
        return store.find(session)
                .filter(sandbox -> sandbox.projectId().equals(project))
                .map(sandbox -> SandboxView.of(sandbox, store.usage(session).orElse(null)))
                .orElseThrow(() -> ProblemException.notFound("sandbox"));
    }
}
