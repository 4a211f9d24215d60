package dev.slipway.credential.rules;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/**
 * Answers the proxy, and nobody else: what is known at once, on the thread that read the question; what the database is asked about on threads
 * of the system, since a virtual thread that waits wakes two others before it goes on. What has to be computed may wait for a key
 * service that hangs, and takes none of those.
 */
@Controller("/internal/projects/{project}/rules")
class RulesController {
    private final AnsweredRules rules;
    private final ExecutorService lookups;
    private final ExecutorService blocking;

    RulesController(
            AnsweredRules rules,
            @Named("lookups") ExecutorService lookups,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.rules = rules;
        this.lookups = lookups;
        this.blocking = blocking;
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
                : CompletableFuture.supplyAsync(() -> Optional.ofNullable(rules.unchanged(project)), lookups)
                        .thenCompose(answer -> answer.map(CompletableFuture::completedFuture)
                                .orElseGet(
                                        () -> CompletableFuture.supplyAsync(() -> rules.computed(project), blocking)));
    }
}
