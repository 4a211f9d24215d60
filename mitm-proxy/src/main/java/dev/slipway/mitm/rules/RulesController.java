package dev.slipway.mitm.rules;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.kit.identity.Caller;
import dev.slipway.mitm.inject.RuleBook;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Takes rules that credential-service pushes; the next request on every connection uses them. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/rules")
final class RulesController {
    private final RuleBook rules;

    RulesController(RuleBook rules) {
        this.rules = rules;
    }

    @Put
    @Status(HttpStatus.NO_CONTENT)
    void replace(String project, @Body InjectionRules body, Caller caller) {
        caller.requireService("credential-service");
        rules.learn(project, body);
    }
}
