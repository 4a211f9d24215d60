package dev.slipway.workspace.operations;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.authorship.Authorship;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.Revision;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.history.CommitView;
import dev.slipway.workspace.registry.Remotes;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Unfolded;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceService;
import dev.slipway.workspace.source.SourceType;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes work trees, one change at a time for each, and writes down what is checked out afterwards. */
@Singleton
class WorkTreeWriting {
    private static final int MESSAGE_MAX = 65_536;

    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final Remotes remotes;
    private final Authorship authorship;
    private final WorkspaceSettings settings;

    WorkTreeWriting(
            WorkspaceService workspaces,
            Repositories repositories,
            Remotes remotes,
            Authorship authorship,
            WorkspaceSettings settings) {
        this.settings = settings;
        this.authorship = authorship;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.remotes = remotes;
    }

    void fetch(String project, String id, String userId) {
        change(project, id, tree -> {
            Workspace workspace = workspaces.need(project, id);
            remotes.fetch(workspace, tree, workspace.errand(userId));
            return tree;
        });
    }

    void checkout(String project, String id, String userId, Revision ref) {
        change(project, id, tree -> {
            Workspace workspace = workspaces.need(project, id);
            if (workspace.sourceType() == SourceType.GIT) {
                Optional<String> commit = tree.commit("refs/heads/" + ref)
                        .or(() -> tree.commit("refs/remotes/origin/" + ref))
                        .or(() -> tree.commit(ref.text()));
                commit.ifPresent(known -> Unfolded.mustFit(tree.command(), known, settings));
            }
            GitOutput output = tree.command().attempt(checkoutOf(tree, ref));
            if (!output.ok()) {
                throw ProblemException.conflict("checkout-refused", "Git refuses to check it out: " + output.error());
            }
            remotes.complete(workspace, tree, workspace.errand(userId));
            return tree;
        });
    }

    GitViews.Branch makeBranch(String project, String id, BranchName name, Revision from) {
        return change(project, id, tree -> {
            String commit = tree.need(from);
            boolean made = tree.command()
                    .attempt("update-ref", "-m", "slipway: branch", name.reference(), commit, "0".repeat(40))
                    .ok();
            if (!made) {
                throw ProblemException.conflict(
                        "branch-exists", "There is a branch of this name, or one that it would lie under.");
            }
            return new GitViews.Branch(name.text(), false, false, commit, null);
        });
    }

    void deleteBranch(String project, String id, BranchName name, boolean force) {
        change(project, id, tree -> {
            if (tree.commit(name.reference()).isEmpty()) {
                throw ProblemException.notFound("branch");
            }
            GitOutput output = tree.command().attempt("branch", force ? "-D" : "-d", "--", name.text());
            if (!output.ok()) {
                throw ProblemException.conflict(
                        "branch-in-use",
                        "Git refuses to delete it: " + output.error() + " Use force=true if it is only unmerged.");
            }
            return tree;
        });
    }

    void write(String project, String id, TreePath path, String content, @Nullable String encoding) {
        change(project, id, tree -> {
            WorkTreeFiles.write(tree, path, content, encoding);
            return tree;
        });
    }

    void stage(String project, String id, List<TreePath> paths) {
        change(project, id, tree -> {
            GitOutput output = tree.command().attempt(with(List.of("add", "--all", "--"), paths));
            if (!output.ok()) {
                throw ProblemException.unprocessable("paths", "cannot be staged: " + output.error());
            }
            return tree;
        });
    }

    void unstage(String project, String id, List<TreePath> paths) {
        change(project, id, tree -> {
            tree.command().run(with(List.of("reset", "--quiet", "HEAD", "--"), paths));
            return tree;
        });
    }

    CommitView commit(String project, String id, String message, Person author, Person committer) {
        if (message.length() > MESSAGE_MAX || message.indexOf('\0') >= 0) {
            throw ProblemException.invalid(
                    "message", "too long or not text (expected: at most " + MESSAGE_MAX + " characters)");
        }
        String whole = authorship.styleOf(id).given("message", message, List.of(), committer);
        return change(project, id, tree -> {
            GitCommand command = tree.command()
                    .with("GIT_AUTHOR_NAME", author.name())
                    .with("GIT_AUTHOR_EMAIL", author.email())
                    .with("GIT_COMMITTER_NAME", committer.name())
                    .with("GIT_COMMITTER_EMAIL", committer.email());
            GitOutput output = command.input(whole)
                    .attempt("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=whitespace", "-F", "-");
            if (!output.ok()) {
                String said = output.error().isEmpty() ? "nothing is staged" : output.error();
                throw ProblemException.conflict("nothing-to-commit", "There is nothing to commit: " + said);
            }
            return CommitLog.read(tree.command(), Revision.HEAD, 0, 1, null).getFirst();
        });
    }

    String push(String project, String id, String userId, @Nullable BranchName wish) {
        return change(project, id, tree -> {
            Workspace workspace = workspaces.need(project, id);
            BranchName branch = Optional.ofNullable(wish)
                    .or(tree::branch)
                    .orElseThrow(() ->
                            ProblemException.conflict("no-branch", "No branch is checked out. Name one to push."));
            String commit = tree.commit(branch.reference()).orElseThrow(() -> ProblemException.notFound("branch"));
            remotes.push(workspace, tree, workspace.errand(userId), commit, branch);
            return commit;
        });
    }

    private <T> T change(String project, String id, Function<WorkTree, T> work) {
        Workspace workspace = workspaces.need(project, id);
        WorkTree tree = repositories.workTree(workspace);
        return repositories.aloneOn(tree, () -> {
            T result = work.apply(tree);
            workspaces.noteHead(workspace);
            return result;
        });
    }

    /** A branch here, a branch of the remote that gets one here, or just a commit. */
    private static List<String> checkoutOf(WorkTree tree, Revision ref) {
        String name = ref.text();
        if (tree.commit("refs/heads/" + name).isPresent()) {
            return List.of("checkout", "--quiet", "--no-recurse-submodules", name, "--");
        }
        String remote = "refs/remotes/origin/" + name;
        if (tree.commit(remote).isPresent()) {
            return List.of("checkout", "--quiet", "-b", new BranchName(name).text(), "--track", remote);
        }
        return List.of("checkout", "--quiet", "--detach", tree.need(ref), "--");
    }

    private static List<String> with(List<String> command, List<TreePath> paths) {
        List<String> arguments = new ArrayList<>(command);
        paths.forEach(path -> arguments.add(path.argument()));
        return arguments;
    }
}
