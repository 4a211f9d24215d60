package dev.slipway.workspace.registry;

import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.job.RetryLaterException;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.SourceType;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then for what is new at a git workspace's remote, for as long as the workspace is there. */
@Singleton
final class SyncJob implements JobHandler {
    static final String KIND = "workspace.sync";
    private static final Logger LOG = LoggerFactory.getLogger(SyncJob.class);

    private final WorkspaceStore store;
    private final Repositories repositories;
    private final Remotes remotes;
    private final WorkspaceSettings settings;

    SyncJob(WorkspaceStore store, Repositories repositories, Remotes remotes, WorkspaceSettings settings) {
        this.store = store;
        this.repositories = repositories;
        this.remotes = remotes;
        this.settings = settings;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) {
        Optional<Workspace> found = store.findById(job.key())
                .filter(workspace -> !(workspace.status() instanceof WorkspaceStatus.Removing))
                .filter(workspace -> workspace.sourceType() == SourceType.GIT);
        if (found.isEmpty() || settings.syncInterval().isZero()) {
            return;
        }
        try {
            WorkTree tree = repositories.workTree(found.get());
            repositories.aloneOn(tree, () -> {
                remotes.fetch(found.get(), tree, found.get().errand());
                return tree;
            });
        } catch (ProblemException | GitException | UpstreamUnavailableException | UpstreamProblemException e) {
            LOG.atInfo()
                    .addKeyValue("workspaceId", job.key())
                    .addKeyValue("reason", e.getMessage())
                    .log("remote not read, will look again");
        }
        throw new RetryLaterException(settings.syncInterval());
    }
}
