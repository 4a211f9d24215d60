package dev.slipway.workspace.checkout;

import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.JobQueue;
import dev.slipway.workspace.registry.Repositories;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Lets the table follow a branch that was pushed to. Queued before the push, for a while after it: should this process end
 * between git's moving the branch and our noting it, the job notes it.
 */
@Singleton
public class PushedJob implements JobHandler {
    private static final String KIND = "checkout.pushed";
    private static final Duration LATER = Duration.ofSeconds(30);

    private final Checkouts checkouts;
    private final Repositories repositories;
    private final Lines lines;
    private final JobQueue jobs;

    PushedJob(Checkouts checkouts, Repositories repositories, Lines lines, JobQueue jobs) {
        this.checkouts = checkouts;
        this.repositories = repositories;
        this.lines = lines;
        this.jobs = jobs;
    }

    /** A push is about to begin. */
    @Transactional
    public void expect(String sessionId) {
        jobs.add(KIND, sessionId, "{}", LATER);
    }

    /** Notes where the branch is. */
    public void note(String sessionId) {
        checkouts.find(sessionId).filter(Checkout::isReady).ifPresent(checkout -> {
            String repositoryId = checkout.repositoryId();
            if (repositoryId != null) {
                lines.follow(checkout, repositories.cache(checkout.projectId(), repositoryId));
            }
        });
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) {
        note(job.key());
    }
}
