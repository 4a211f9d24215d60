package dev.slipway.workspace.registry;

import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.SourceType;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Removes a workspace: its clone, its references in the cache, and the cache with the last workspace of its source. */
@Singleton
final class RemovalJob implements JobHandler {
    static final String KIND = "workspace.remove";

    private final WorkspaceStore store;
    private final Repositories repositories;
    private final LocalFolders folders;
    private final Git git;

    RemovalJob(WorkspaceStore store, Repositories repositories, LocalFolders folders, Git git) {
        this.store = store;
        this.repositories = repositories;
        this.folders = folders;
        this.git = git;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job) {
        Optional<Workspace> found = store.findById(job.key());
        if (found.isEmpty()) {
            return;
        }
        Workspace workspace = found.get();
        Path cache = repositories.cacheFolder(workspace.projectId(), workspace.repositoryId());
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            if (workspace.sourceType() == SourceType.GIT) {
                Folders.remove(repositories.cloneFolder(workspace.id()));
            } else if (workspace.deleteFiles()) {
                Folders.remove(folders.existing(workspace.path()));
            }
            if (Files.isDirectory(cache)) {
                new Cache(git, cache).removeAll("refs/slipway/workspaces/" + workspace.id() + "/");
            }
            if (store.forget(workspace)) {
                Folders.remove(cache);
            }
            return workspace;
        });
    }
}
