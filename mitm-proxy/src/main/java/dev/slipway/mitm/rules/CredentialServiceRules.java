package dev.slipway.mitm.rules;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.identity.Caller;
import dev.slipway.mitm.inject.RuleBook;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** Asks credential-service for a project's rules. */
@Singleton
final class CredentialServiceRules implements RuleBook.Source {
    private final InternalClient client;
    private final ExecutorService blocking;

    CredentialServiceRules(InternalClient client, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.client = client;
        this.blocking = blocking;
    }

    @Override
    public CompletableFuture<InjectionRules> rulesOf(String projectId) {
        return CompletableFuture.supplyAsync(
                () -> client.call(
                        Caller.system("mitm-proxy", projectId),
                        "credential-service",
                        "GET",
                        "/internal/projects/" + InternalClient.segment(projectId) + "/rules",
                        null,
                        InjectionRules.class,
                        RuleBook.WAIT_MAX),
                blocking);
    }
}
