package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.RemoteUrl;
import dev.slipway.workspace.source.SourceType;
import jakarta.inject.Singleton;

/**
 * A workspace's dealings with its remote. They go by the cache, whose configuration is ours; of a local folder's own configuration
 * only the address of {@code origin} is taken, and checked as a user's.
 */
@Singleton
public class Remotes {
    private final Repositories repositories;
    private final RemoteRepository remote;
    private final LocalFolders folders;

    Remotes(Repositories repositories, RemoteRepository remote, LocalFolders folders) {
        this.repositories = repositories;
        this.remote = remote;
        this.folders = folders;
    }

    /** Brings the remote's branches and tags into the work tree's repository; nothing that is checked out moves. */
    public void fetch(Workspace workspace, WorkTree tree) {
        RemoteUrl url = url(workspace, tree);
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Cache cache = repositories.cache(workspace.projectId(), workspace.repositoryId());
            remote.fetchInto(cache, url, percent -> {});
            CloneJob.takeRemoteBranches(tree, cache);
            return cache;
        });
    }

    /** Sends a commit of the work tree to a branch of the remote. */
    public void push(Workspace workspace, WorkTree tree, String commit, BranchName branch) {
        RemoteUrl url = url(workspace, tree);
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Cache cache = repositories.cache(workspace.projectId(), workspace.repositoryId());
            cache.takeFrom(tree, workspace.id());
            remote.push(cache, url, commit, branch);
            return cache;
        });
    }

    private RemoteUrl url(Workspace workspace, WorkTree tree) {
        if (workspace.sourceType() == SourceType.GIT) {
            return RemoteUrl.of(workspace.path(), folders);
        }
        GitOutput origin = tree.command().attempt("config", "--get", "remote.origin.url");
        if (!origin.ok()) {
            throw ProblemException.conflict(
                    "no-remote", "The folder has no remote named origin. Add one with git remote add.");
        }
        return RemoteUrl.of(origin.line(), folders);
    }
}
