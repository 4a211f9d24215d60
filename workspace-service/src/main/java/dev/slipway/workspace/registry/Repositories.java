package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.HalfPacks;
import dev.slipway.workspace.git.RepositoryLocks;
import dev.slipway.workspace.git.StaleLock;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.SourceType;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the files of a workspace are, and how to work on them alone. */
@Singleton
public class Repositories {
    private static final Logger LOG = LoggerFactory.getLogger(Repositories.class);

    /** Longer than any command of ours writes an index, with all its files, for. */
    private static final Duration OLD_IN_CLONE = Duration.ofMinutes(10);

    private static final Duration WAIT = Duration.ofSeconds(60);

    private final WorkspaceSettings settings;
    private final Git git;
    private final LocalFolders folders;
    private final RepositoryLocks locks;

    Repositories(WorkspaceSettings settings, Git git, LocalFolders folders, RepositoryLocks locks) {
        this.settings = settings;
        this.git = git;
        this.folders = folders;
        this.locks = locks;
    }

    /** The folder of a project's bare cache, whether it is there or not. */
    public Path cacheFolder(String projectId, String repositoryId) {
        return Path.of(settings.cacheFolder())
                .toAbsolutePath()
                .resolve(projectId)
                .resolve(repositoryId + ".git");
    }

    /** A project's bare cache; 503 while it is not there. */
    public Cache cache(String projectId, String repositoryId) {
        Path folder = cacheFolder(projectId, repositoryId);
        if (!Files.isDirectory(folder)) {
            throw ProblemException.starting(
                    "The workspace is still being cloned. Try again soon.", Duration.ofSeconds(2));
        }
        return new Cache(git, folder);
    }

    /** The folder of a git workspace's working clone, whether it is there or not. */
    public Path cloneFolder(String workspaceId) {
        return Path.of(settings.folder()).toAbsolutePath().resolve(workspaceId);
    }

    /** The work tree of a workspace that is ready; 503 while it is not, 409 if it cannot become so by itself. */
    public WorkTree workTree(Workspace workspace) {
        return switch (workspace.status()) {
            case WorkspaceStatus.Ready _ -> open(workspace);
            case WorkspaceStatus.Initializing _, WorkspaceStatus.Cloning _ ->
                throw ProblemException.starting(
                        "The workspace is still being cloned. Try again soon.", Duration.ofSeconds(2));
            case WorkspaceStatus.Failed(String message) ->
                throw ProblemException.conflict("workspace-failed", "The workspace is not usable: " + message);
            case WorkspaceStatus.Removing _ -> throw ProblemException.notFound("workspace");
        };
    }

    private WorkTree open(Workspace workspace) {
        if (workspace.sourceType() == SourceType.LOCAL) {
            return folders.reopen(Path.of(workspace.path()));
        }
        WorkTree tree = clone(cloneFolder(workspace.id()), workspace.options());
        StaleLock.remove(tree.gitDir().resolve("index.lock"), OLD_IN_CLONE);
        return tree;
    }

    /** A working clone of ours, in this folder. */
    WorkTree clone(Path folder, CloneOptions options) {
        return new WorkTree(git, folder, folder.resolve(".git"), options.lfs());
    }

    /** Works on a cache while nobody else writes to it. */
    public <T> T aloneOnCache(String repositoryId, Supplier<T> work) {
        return locks.alone("repository:" + repositoryId, WAIT, work);
    }

    /** Takes care of a cache while no other replica does; writers go on meanwhile. */
    public <T> T caring(String repositoryId, Supplier<T> work) {
        return locks.alone(upkeep(repositoryId), Duration.ofSeconds(1), work);
    }

    /** Removes what fetches left half in a cache that nobody else writes to; left for the next time while it is repacked. */
    void removeHalfPacks(Cache cache) {
        String name = cache.folder().getFileName().toString();
        try {
            locks.alone(upkeep(name.substring(0, name.indexOf(".git"))), Duration.ZERO, () -> {
                HalfPacks.remove(cache.folder());
                return cache;
            });
        } catch (ProblemException _) {
            LOG.atDebug().addKeyValue("cache", cache.folder()).log("half packs left, the cache is being repacked");
        }
    }

    private static String upkeep(String repositoryId) {
        return "upkeep:" + repositoryId;
    }

    /** Where all caches are, a folder for each project. */
    public Path cacheRoot() {
        return Path.of(settings.cacheFolder()).toAbsolutePath();
    }

    /** Works on a work tree while nobody else of us writes to it. */
    public <T> T aloneOn(WorkTree tree, Supplier<T> work) {
        return locks.alone(tree.lock(), WAIT, work);
    }
}
