package dev.slipway.credential.rules;

import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.credential.store.CredentialService;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells the proxy of a project's new rules. A proxy that stays away is given up after {@link #attemptsMax()}: it keeps its
 * rules in memory alone, and asks for them when it is there again.
 */
@Singleton
final class RulesPush implements JobHandler {
    /** The proxy's name. */
    static final String PROXY = "mitm-proxy";

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final int TOLD_MAX = 1000;

    private final Map<String, Long> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > TOLD_MAX;
        }
    };
    private final Rules rules;
    private final AnsweredRules answers;
    private final InternalClient client;
    private final String service;

    RulesPush(
            Rules rules,
            AnsweredRules answers,
            InternalClient client,
            @Value("${micronaut.application.name}") String service) {
        this.rules = rules;
        this.answers = answers;
        this.client = client;
        this.service = service;
    }

    @Override
    public String kind() {
        return CredentialService.PUSH_JOB;
    }

    @Override
    public void run(Job job) {
        answers.changed(job.key());
        tell(job.key(), DEADLINE);
    }

    /** Tells the proxy now. */
    void tell(String project, Duration deadline) {
        InjectionRules present = rules.of(project);
        client.send(
                Caller.system(service, project),
                PROXY,
                "PUT",
                "/internal/projects/" + InternalClient.segment(project) + "/rules",
                present,
                deadline);
        synchronized (told) {
            told.merge(project, present.version(), Math::max);
        }
    }

    /** Whether this process has told the proxy of these rules or newer ones; of projects long ago it no longer knows. */
    boolean hasTold(String project, long version) {
        synchronized (told) {
            return told.getOrDefault(project, -1L) >= version;
        }
    }
}
