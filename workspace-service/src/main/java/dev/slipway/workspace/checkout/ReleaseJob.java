package dev.slipway.workspace.checkout;

import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.registry.Repositories;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Removes the references of a session that is gone. */
@Singleton
final class ReleaseJob implements JobHandler {
    static final String KIND = "checkout.release";

    private final Checkouts checkouts;
    private final Repositories repositories;
    private final Git git;

    ReleaseJob(Checkouts checkouts, Repositories repositories, Git git) {
        this.checkouts = checkouts;
        this.repositories = repositories;
        this.git = git;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) {
        Optional<Checkout> found =
                checkouts.find(job.key()).filter(checkout -> checkout.state().equals("removing"));
        if (found.isEmpty()) {
            return;
        }
        Checkout checkout = found.get();
        String repositoryId = checkout.repositoryId();
        if (repositoryId != null) {
            Path folder = repositories.cacheFolder(checkout.projectId(), repositoryId);
            repositories.aloneOnCache(repositoryId, () -> {
                if (Files.isDirectory(folder)) {
                    SessionBranch.remove(new Cache(git, folder), checkout.sessionId());
                }
                return folder;
            });
        }
        checkouts.forget(checkout.sessionId());
    }
}
