package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.access.Errand;
import dev.slipway.workspace.access.Passage;
import dev.slipway.workspace.access.RemoteAccess;
import dev.slipway.workspace.git.Ceiling;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.HalfPacks;
import dev.slipway.workspace.git.StaleLock;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.RemoteUrl;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a clone may have besides its own objects: submodules and large files. Their addresses stand in the repository, so each is
 * judged like a user's; and what a server of large files names as their place is reached only through the egress proxy.
 */
@Singleton
class Attachments {
    private static final int LEVELS_MAX = 5;

    /** How old the lock of a checkout is that nobody holds any more; nobody else works in these repositories meanwhile. */
    private static final Duration OLD_LOCK = Duration.ofMinutes(10);

    private final RemoteAccess access;
    private final LocalFolders folders;
    private final WorkspaceSettings settings;

    Attachments(RemoteAccess access, LocalFolders folders, WorkspaceSettings settings) {
        this.access = access;
        this.folders = folders;
        this.settings = settings;
    }

    /** Brings what the workspace's options name, for what is checked out. */
    void bring(Workspace workspace, Errand errand, WorkTree tree, RemoteUrl url) {
        if (workspace.options().lfs()) {
            largeFiles(errand, tree, url);
        }
        if (workspace.options().submodules()) {
            submodules(errand, tree, url, 1);
        }
    }

    private void largeFiles(Errand errand, WorkTree tree, RemoteUrl url) {
        Unfolded.largeFilesMustFit(tree.command(), settings);
        try (Passage passage = access.open(errand, url, settings.largeFileHosts())) {
            if (url.scheme().equals("https") && passage.door().isEmpty()) {
                throw ProblemException.conflict(
                        "lfs-unusable",
                        "Large files are fetched through the egress proxy only, which has no TCP listener. Set"
                                + " slipway.proxy.tcp.address of mitm-proxy, or make the workspace without lfs.");
            }
            String server = url.scheme().equals("https")
                    ? (url.text().endsWith(".git") ? url.text() : url.text() + ".git") + "/info/lfs"
                    : url.text();
            GitCommand command = passage.through(tree.command())
                    .config("lfs.url", server)
                    .config("lfs.locksverify", "false")
                    .config("lfs.basictransfersonly", "true")
                    .deadline(settings.cloneDeadline())
                    .ceiling(new Ceiling(0, settings.remoteBytesMax()));
            GitOutput output =
                    orClean(() -> command.attempt("lfs", "pull", "origin"), () -> removeHalfLargeFiles(tree.gitDir()));
            if (!output.ok()) {
                mustBeWithinTheCeiling("lfs", "a large file", output);
                throw ProblemException.unprocessable(
                        "lfs", "the large files cannot be fetched: " + output.error() + " (expected: all of them)");
            }
        }
    }

    private void submodules(Errand errand, WorkTree tree, RemoteUrl url, int level) {
        List<Submodules.Submodule> found = Submodules.of(tree);
        if (level > LEVELS_MAX && !found.isEmpty()) {
            throw ProblemException.unprocessable(
                    "submodules", "nested deeper than " + LEVELS_MAX + " (expected: less; make it without submodules)");
        }
        for (Submodules.Submodule submodule : found) {
            TreePath path = TreePath.of("submodules", submodule.path());
            RemoteUrl target = RemoteUrl.of(Submodules.resolve(submodule.url(), url), folders);
            GitCommand plain = tree.command();
            plain.run("config", "submodule." + submodule.name() + ".url", target.text());
            Optional<String> commit = recorded(plain, path);
            try (Passage passage = access.open(errand, target)) {
                if (commit.isEmpty()) {
                    continue;
                }
                fetch(passage.through(plain), tree, submodule, path);
            }
            WorkTree inner = within(tree, submodule, path);
            checkOut(inner, commit.get(), path);
            submodules(errand, inner, target, level + 1);
        }
    }

    /** The commit that a submodule shall have, as git itself would look for it; empty if there is none at that path. */
    private static Optional<String> recorded(GitCommand plain, TreePath path) {
        return plain.run("ls-files", "--stage", "-z", "--", path.argument()).fields().stream()
                .filter(entry -> entry.startsWith("160000 ") && entry.endsWith("\t" + path.text()))
                .map(entry -> entry.split(" ")[1])
                .findFirst();
    }

    /** Brings a submodule's objects. Git would check it out in the same breath, and is given something else to do then. */
    private void fetch(GitCommand through, WorkTree tree, Submodules.Submodule submodule, TreePath path) {
        Path gitDir = tree.gitDir().resolve("modules").resolve(submodule.name());
        boolean isNew = !Files.exists(gitDir);
        if (isNew) {
            forgetLink(tree, path);
        }
        GitCommand command = through.config("submodule." + submodule.name() + ".update", "!true")
                .config("core.bigFileThreshold", "32m")
                .config("fetch.unpackLimit", "1")
                .deadline(settings.cloneDeadline())
                .ceiling(new Ceiling(settings.gitMemoryMax(), settings.remoteBytesMax()));
        GitOutput output =
                orClean(() -> command.attempt("submodule", "--quiet", "update", "--", path.argument()), () -> {
                    if (isNew) {
                        delete(gitDir);
                        forgetLink(tree, path);
                    } else {
                        HalfPacks.remove(gitDir);
                    }
                });
        if (!output.ok()) {
            mustBeWithinTheCeiling("submodules", "\"" + path.text() + "\"", output);
            throw ProblemException.unprocessable(
                    "submodules", "\"" + path.text() + "\" cannot be fetched: " + output.error());
        }
    }

    /** What leads from a submodule's folder to its repository: where that has gone, git would neither clone it again nor go on without. */
    private static void forgetLink(WorkTree tree, TreePath path) {
        Path folder = tree.folder().resolve(path.text());
        Path link = folder.resolve(".git");
        try {
            if (Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS)
                    && folder.toRealPath().startsWith(tree.folder().toRealPath())) {
                Files.delete(link);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what a failed clone of a submodule left cannot be removed", e);
        }
    }

    private void checkOut(WorkTree inner, String commit, TreePath path) {
        StaleLock.remove(inner.gitDir().resolve("index.lock"), OLD_LOCK);
        boolean isNew = !Files.exists(inner.gitDir().resolve("index"));
        if (!isNew && inner.head().equals(Optional.of(commit))) {
            return;
        }
        Unfolded.mustFit(inner.command(), commit, settings);
        List<String> arguments = new ArrayList<>(List.of("checkout", "--quiet", "--detach"));
        if (isNew) {
            arguments.add("--force");
        }
        arguments.add(commit);
        GitOutput output = inner.command().deadline(settings.cloneDeadline()).attempt(arguments);
        if (!output.ok()) {
            throw ProblemException.unprocessable(
                    "submodules", "\"" + path.text() + "\" cannot be checked out: " + output.error());
        }
    }

    /** What a git says that came to its end well; after any other, what it left is cleaned up. */
    private static GitOutput orClean(Supplier<GitOutput> attempt, Runnable cleaning) {
        boolean isWell = false;
        try {
            GitOutput output = attempt.get();
            isWell = output.ok();
            return output;
        } finally {
            if (!isWell) {
                cleaning.run();
            }
        }
    }

    private static void removeHalfLargeFiles(Path gitDir) {
        delete(gitDir.resolve("lfs/incomplete"));
        delete(gitDir.resolve("lfs/tmp"));
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    private void mustBeWithinTheCeiling(String field, String what, GitOutput output) {
        if (Ceiling.wasMetBy(output.error())) {
            throw ProblemException.unprocessable(
                    field,
                    what + " is larger than may be fetched (expected: at most " + settings.remoteBytesMax()
                            + " bytes at once; slipway.workspaces.remote-bytes-max makes the limit larger)");
        }
    }

    private static WorkTree within(WorkTree tree, Submodules.Submodule submodule, TreePath path) {
        try {
            Path folder = tree.folder().resolve(path.text()).toRealPath();
            Path gitDir =
                    tree.gitDir().resolve("modules").resolve(submodule.name()).toRealPath();
            if (!folder.startsWith(tree.folder().toRealPath())
                    || !gitDir.startsWith(tree.gitDir().toRealPath())
                    || !Files.isDirectory(gitDir)) {
                throw ProblemException.unprocessable("submodules", "leads out of the clone (expected: a path in it)");
            }
            return new WorkTree(tree.git(), folder, gitDir);
        } catch (IOException e) {
            throw new UncheckedIOException("submodule " + path.text(), e);
        }
    }
}
