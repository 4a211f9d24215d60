package dev.slipway.credential.rules;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.annotation.ExecuteOn;

/**
 * Answers the proxy, and nobody else. On threads of the system: a lookup is little but a wait for the database, and a virtual thread
 * that waits wakes two others before it goes on.
 */
@ExecuteOn("lookups")
@Controller("/internal/projects/{project}/rules")
class RulesController {
    private final AnsweredRules rules;

    RulesController(AnsweredRules rules) {
        this.rules = rules;
    }

    /** Answers with {@link dev.slipway.contracts.credential.InjectionRules}. */
    @Get
    byte[] show(String project, Caller caller) {
        caller.requireService(RulesPush.PROXY);
        // The role of a service opens every project elsewhere; secrets are for the project that the token names.
        if (!project.equals(caller.projectId())) {
            throw ProblemException.notFound("project");
        }
        return rules.of(project);
    }
}
