package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.access.Errand;
import dev.slipway.workspace.access.Passage;
import dev.slipway.workspace.access.RemoteAccess;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.source.LocalFolders;
import dev.slipway.workspace.source.RemoteUrl;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a clone may have besides its own objects: submodules and large files. Their addresses stand in the repository, so each is
 * judged like a user's; and what a server of large files names as their place is reached only through the egress proxy.
 */
@Singleton
class Attachments {
    private static final int LEVELS_MAX = 5;

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
                    .deadline(settings.cloneDeadline());
            GitOutput output = command.attempt("lfs", "pull", "origin");
            if (!output.ok()) {
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
            try (Passage passage = access.open(errand, target)) {
                GitOutput output = passage.through(plain)
                        .deadline(settings.cloneDeadline())
                        .attempt("submodule", "--quiet", "update", "--checkout", "--", path.argument());
                if (!output.ok()) {
                    throw ProblemException.unprocessable(
                            "submodules", "\"" + path.text() + "\" cannot be fetched: " + output.error());
                }
            }
            submodules(errand, within(tree, submodule, path), target, level + 1);
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
