package dev.slipway.credential.rules;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Answers the proxy, and nobody else. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/rules")
class RulesController {
    private final Rules rules;

    RulesController(Rules rules) {
        this.rules = rules;
    }

    @Get
    InjectionRules show(String project, Caller caller) {
        caller.requireService(RulesPush.PROXY);
        // The role of a service opens every project elsewhere; secrets are for the project that the token names.
        if (!project.equals(caller.projectId())) {
            throw ProblemException.notFound("project");
        }
        return rules.of(project);
    }
}
