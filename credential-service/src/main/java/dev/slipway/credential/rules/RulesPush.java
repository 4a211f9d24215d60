package dev.slipway.credential.rules;

import dev.slipway.credential.store.CredentialService;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Tells the proxy of a project's new rules. A proxy that stays away is given up after {@link #attemptsMax()}: it keeps its
 * rules in memory alone, and asks for them when it is there again.
 */
@Singleton
final class RulesPush implements JobHandler {
    /** The proxy's name. */
    static final String PROXY = "mitm-proxy";

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Rules rules;
    private final InternalClient client;
    private final String service;

    RulesPush(Rules rules, InternalClient client, @Value("${micronaut.application.name}") String service) {
        this.rules = rules;
        this.client = client;
        this.service = service;
    }

    @Override
    public String kind() {
        return CredentialService.PUSH_JOB;
    }

    @Override
    public void run(Job job) {
        String project = job.key();
        client.send(
                Caller.system(service, project),
                PROXY,
                "PUT",
                "/internal/projects/" + InternalClient.segment(project) + "/rules",
                rules.of(project),
                DEADLINE);
    }
}
