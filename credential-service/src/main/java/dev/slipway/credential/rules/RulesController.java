package dev.slipway.credential.rules;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import jakarta.inject.Named;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/**
 * Answers the proxy, and nobody else: what is known at once, on the thread that read the question; the rest on threads of the system,
 * since that is little but a wait for the database, and a virtual thread that waits wakes two others before it goes on.
 */
@Controller("/internal/projects/{project}/rules")
class RulesController {
    private final AnsweredRules rules;
    private final ExecutorService lookups;

    RulesController(AnsweredRules rules, @Named("lookups") ExecutorService lookups) {
        this.rules = rules;
        this.lookups = lookups;
    }

    /** Answers with {@link dev.slipway.contracts.credential.InjectionRules}. */
    @Get
    CompletionStage<byte[]> show(String project, Caller caller) {
        caller.requireService(RulesPush.PROXY);
        // The role of a service opens every project elsewhere; secrets are for the project that the token names.
        if (!project.equals(caller.projectId())) {
            throw ProblemException.notFound("project");
        }
        byte[] known = rules.known(project);
        return known != null
                ? CompletableFuture.completedFuture(known)
                : CompletableFuture.supplyAsync(() -> rules.of(project), lookups);
    }
}
