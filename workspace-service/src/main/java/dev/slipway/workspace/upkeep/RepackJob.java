package dev.slipway.workspace.upkeep;

import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Ceiling;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.HalfPacks;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceStore;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Repacks a cache. Git does this safely while others push and fetch; what became unreachable stays for two weeks, since somebody may
 * just be about to point at it.
 *
 * <p>Working clones borrow the objects of a remote's cache, and git does not know of them there: so in such a cache nothing is ever
 * thrown away, only packed.
 */
@Singleton
final class RepackJob implements JobHandler {
    static final String KIND = "repository.repack";
    private static final Duration LONGEST = Duration.ofHours(2);
    private static final String GRACE = "2.weeks.ago";

    private final WorkspaceStore store;
    private final Repositories repositories;
    private final Git git;

    RepackJob(WorkspaceStore store, Repositories repositories, Git git) {
        this.store = store;
        this.repositories = repositories;
        this.git = git;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public int attemptsMax() {
        return 3;
    }

    @Override
    public void run(Job job) {
        Optional<WorkspaceStore.Source> known = store.source(job.key());
        if (known.isEmpty()) {
            return;
        }
        WorkspaceStore.Source source = known.get();
        Path folder = repositories.cacheFolder(source.projectId(), source.id());
        if (Files.isDirectory(folder)) {
            repositories.caring(source.id(), () -> {
                repack(source, new Cache(git, folder));
                return folder;
            });
        }
        store.maintained(source.id());
    }

    private void repack(WorkspaceStore.Source source, Cache cache) {
        takeOver(source, cache);
        repositories.aloneOnCache(source.id(), () -> {
            HalfPacks.remove(cache.folder());
            return cache;
        });
        GitCommand command = cache.command().deadline(LONGEST).ceiling(Ceiling.NONE);
        command.run("pack-refs", "--all", "--prune");
        command.run("reflog", "expire", "--expire=30.days.ago", "--all");
        List<String> repack = new ArrayList<>(List.of("repack", "-d", "-l", "-q", "--write-bitmap-index"));
        repack.addAll(
                source.isRemote()
                        ? List.of("-a", "--keep-unreachable")
                        : List.of("-A", "--unpack-unreachable=" + GRACE));
        command.run(repack);
        if (!source.isRemote()) {
            command.run("prune", "--expire=" + GRACE);
        }
        command.run("commit-graph", "write", "--reachable", "--no-progress");
    }

    /** What the workspaces have committed until now is theirs; its objects get references here, too. */
    private void takeOver(WorkspaceStore.Source source, Cache cache) {
        for (Workspace workspace : store.ofRepository(source.id())) {
            WorkTree tree = repositories.workTree(workspace);
            repositories.aloneOnCache(source.id(), () -> {
                cache.takeFrom(tree, workspace.id());
                return cache;
            });
        }
    }
}
