package dev.slipway.workspace.registry;

import dev.slipway.kit.job.Job;
import dev.slipway.kit.job.JobHandler;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.Git;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.RemoteUrl;
import dev.slipway.workspace.source.SourceType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Makes a wanted workspace usable. Each thing is made beside its place and renamed when it is whole. */
@Singleton
final class CloneJob implements JobHandler {
    static final String KIND = "workspace.clone";
    private static final int ATTEMPTS = 4;

    private final WorkspaceStore store;
    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final LocalFolders folders;
    private final RemoteRepository remote;
    private final Attachments attachments;
    private final Git git;
    private final WorkspaceSettings settings;

    CloneJob(
            WorkspaceStore store,
            WorkspaceService workspaces,
            Repositories repositories,
            LocalFolders folders,
            RemoteRepository remote,
            Attachments attachments,
            Git git,
            WorkspaceSettings settings) {
        this.settings = settings;
        this.store = store;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.folders = folders;
        this.remote = remote;
        this.attachments = attachments;
        this.git = git;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public int attemptsMax() {
        return ATTEMPTS;
    }

    @Override
    public void run(Job job) {
        Optional<Workspace> found = store.findById(job.key());
        if (found.isEmpty() || found.get().status() instanceof WorkspaceStatus.Removing) {
            return;
        }
        Workspace workspace = found.get();
        if (!(workspace.status() instanceof WorkspaceStatus.Ready)) {
            store.become(workspace, new WorkspaceStatus.Cloning(0));
        }
        try {
            WorkTree tree = workspace.sourceType() == SourceType.LOCAL ? local(workspace) : cloned(workspace);
            String head = tree.head()
                    .orElseThrow(() -> ProblemException.unprocessable(
                            "path",
                            "its current branch has no commit (expected: at least one; check out another branch)"));
            workspaces.becameReady(
                    workspace, head, tree.branch().map(BranchName::text).orElse(null));
        } catch (ProblemException e) {
            // The user's to mend: trying again would say the same.
            store.become(workspace, new WorkspaceStatus.Failed(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void dead(Job job, Exception reason) {
        store.findById(job.key())
                .ifPresent(workspace -> store.become(
                        workspace,
                        new WorkspaceStatus.Failed(
                                "It could not be cloned: " + reason.getMessage() + ". Validate it to try again.")));
    }

    private WorkTree local(Workspace workspace) {
        WorkTree tree = folders.open(Path.of(workspace.path()), workspace.author());
        return repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Path folder = repositories.cacheFolder(workspace.projectId(), workspace.repositoryId());
            if (Files.isDirectory(folder)) {
                new Cache(git, folder).takeFrom(tree, workspace.id());
            } else {
                Cache staging = beginCache(folder);
                staging.takeFrom(tree, workspace.id());
                Folders.publish(staging.folder(), folder);
            }
            return tree;
        });
    }

    private WorkTree cloned(Workspace workspace) {
        RemoteUrl url = RemoteUrl.of(workspace.path(), folders);
        Cache cache = repositories.aloneOnCache(workspace.repositoryId(), () -> {
            Path folder = repositories.cacheFolder(workspace.projectId(), workspace.repositoryId());
            IntConsumer progress = inSteps(workspace);
            if (Files.isDirectory(folder)) {
                remote.fetchInto(workspace.errand(), new Cache(git, folder), url, progress);
            } else {
                Cache staging = beginCache(folder);
                remote.cloneInto(
                        workspace.errand(), staging, url, workspace.options().depth(), progress);
                Folders.publish(staging.folder(), folder);
            }
            return new Cache(git, folder);
        });
        WorkTree tree = workingClone(workspace, url, cache);
        repositories.aloneOnCache(workspace.repositoryId(), () -> {
            cache.takeFrom(tree, workspace.id());
            attachments.bring(workspace, workspace.errand(), tree, url);
            return tree;
        });
        return tree;
    }

    private Cache beginCache(Path folder) {
        Path staging = Folders.staging(folder);
        git.in(staging).run("init", "--quiet", "--bare", "--template=", ".");
        return new Cache(git, staging);
    }

    /** The clone borrows the cache's objects, which stay as long as it does. */
    private WorkTree workingClone(Workspace workspace, RemoteUrl url, Cache cache) {
        Path folder = repositories.cloneFolder(workspace.id());
        if (Files.isDirectory(folder)) {
            return repositories.clone(folder, workspace.options());
        }
        Path staging = Folders.staging(folder);
        git.in(staging).run("init", "--quiet", "--initial-branch=main", "--template=", ".");
        WorkTree tree = repositories.clone(staging, workspace.options());
        try {
            Files.createDirectories(tree.gitDir().resolve("objects/info"));
            Files.writeString(
                    tree.gitDir().resolve("objects/info/alternates"),
                    cache.folder().resolve("objects") + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot write the clone of " + workspace.id(), e);
        }
        tree.command().run("config", "remote.origin.url", url.text());
        tree.command().run("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
        SparseCheckout.configure(tree, workspace.options().sparse());
        takeRemoteBranches(tree, cache);
        Optional<BranchName> branch = remote.defaultBranch(cache);
        if (branch.isPresent()) {
            Unfolded.mustFit(cache.command(), RemoteRepository.BRANCHES + branch.get(), settings);
            tree.command()
                    .run(
                            "checkout",
                            "--quiet",
                            "-b",
                            branch.get().text(),
                            "--track",
                            "refs/remotes/origin/" + branch.get());
        } else {
            tree.beginIfEmpty(workspace.author());
        }
        Folders.publish(staging, folder);
        return repositories.clone(folder, workspace.options());
    }

    static void takeRemoteBranches(WorkTree tree, Cache cache) {
        new Cache.Fetch(tree.command())
                .from(
                        cache.folder().toString(),
                        List.of(
                                "+" + RemoteRepository.BRANCHES + "*:refs/remotes/origin/*",
                                "+refs/slipway/remote/tags/*:refs/tags/*"),
                        "file",
                        line -> {});
    }

    /** Every five percent is news, less is not. */
    private IntConsumer inSteps(Workspace workspace) {
        AtomicInteger told = new AtomicInteger();
        return percent -> {
            if (percent >= told.get() + 5) {
                told.set(percent);
                store.become(workspace, new WorkspaceStatus.Cloning(Math.min(percent, 99)));
            }
        };
    }
}
