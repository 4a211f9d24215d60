package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.access.Errand;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.RemoteUrl;
import dev.slipway.workspace.source.SourceType;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/**
 * A workspace's dealings with its remote. They go by the cache, whose configuration is ours; of a local folder's own configuration
 * only the address of {@code origin} is taken, and checked as a user's.
 */
@Singleton
public class Remotes {
    private final Repositories repositories;
    private final RemoteRepository remote;
    private final Attachments attachments;
    private final LocalFolders folders;

    Remotes(Repositories repositories, RemoteRepository remote, Attachments attachments, LocalFolders folders) {
        this.repositories = repositories;
        this.remote = remote;
        this.attachments = attachments;
        this.folders = folders;
    }

    /**
     * Brings the remote's branches and tags into the work tree's repository; nothing that is checked out moves. Submodules and large
     * files of what is checked out are brought too, where the workspace has them.
     */
    public void fetch(Workspace workspace, WorkTree tree, Errand errand) {
        RemoteUrl url = url(workspace, tree);
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Cache cache = repositories.cache(workspace.projectId(), workspace.repositoryId());
            remote.fetchInto(errand, cache, url, percent -> {});
            CloneJob.takeRemoteBranches(tree, cache);
            attachments.bring(workspace, errand, tree, url);
            return cache;
        });
    }

    /** Brings the submodules and large files of what is checked out, where the workspace has them. */
    public void complete(Workspace workspace, WorkTree tree, Errand errand) {
        if (workspace.options().submodules() || workspace.options().lfs()) {
            RemoteUrl url = url(workspace, tree);
            repositories.aloneOnCache(workspace.repositoryId(), () -> {
                attachments.bring(workspace, errand, tree, url);
                return tree;
            });
        }
    }

    /** Sends a commit that is in the cache to a branch of the remote, which it may replace if we know what is there. */
    public void pushFromCache(Workspace workspace, WorkTree tree, Errand errand, String commit, BranchName branch) {
        RemoteUrl url = url(workspace, tree);
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Cache cache = repositories.cache(workspace.projectId(), workspace.repositoryId());
            remote.pushOwn(errand, cache, url, commit, branch);
            return cache;
        });
    }

    /** Sends a commit of the work tree to a branch of the remote. */
    public void push(Workspace workspace, WorkTree tree, Errand errand, String commit, BranchName branch) {
        RemoteUrl url = url(workspace, tree);
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Cache cache = repositories.cache(workspace.projectId(), workspace.repositoryId());
            cache.takeFrom(tree, workspace.id());
            remote.push(errand, cache, url, commit, branch);
            return cache;
        });
    }

    /** Where the workspace's remote is. */
    public RemoteUrl url(Workspace workspace, WorkTree tree) {
        if (workspace.sourceType() == SourceType.GIT) {
            return RemoteUrl.of(workspace.path(), folders);
        }
        GitOutput origin = tree.command().attempt("config", "--get", "remote.origin.url");
        if (!origin.ok()) {
            throw ProblemException.conflict(
                    "no-remote", "The folder has no remote named origin. Add one with git remote add.");
        }
        // What git clone writes for a folder; it is judged like every other address.
        String address = origin.line().startsWith("/")
                ? "file://" + Path.of(origin.line()).toUri().getRawPath()
                : origin.line();
        return RemoteUrl.of(address, folders);
    }
}
