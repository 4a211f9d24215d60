package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.checkout.Checkout;
import dev.slipway.workspace.checkout.Checkouts;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.Workspace;
import dev.slipway.workspace.registry.WorkspaceService;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings a session's work into its workspace. Work trees are locked while this happens, and nothing of one is touched before the
 * join went through and its files are free of uncommitted changes.
 *
 * <p>What the workspace has of the work is remembered as a tree. It is the base of the next join, so a repetition brings only what
 * is new; and should we end after moving the workspace and before remembering it, the repetition finds nothing left to do.
 */
@Singleton
class ApplyService {
    private final SessionResults results;
    private final WorkspaceService workspaces;
    private final Repositories repositories;
    private final Checkouts checkouts;

    ApplyService(SessionResults results, WorkspaceService workspaces, Repositories repositories, Checkouts checkouts) {
        this.results = results;
        this.workspaces = workspaces;
        this.repositories = repositories;
        this.checkouts = checkouts;
    }

    ApplyResult apply(String projectId, String sessionId, Person author, ApplyRequest request) {
        Checkout known = results.need(projectId, sessionId);
        Workspace workspace = workspaces.need(projectId, known.workspaceId());
        WorkTree tree = repositories.workTree(workspace);
        return repositories.aloneOn(
                tree,
                () -> repositories.aloneOnCache(workspace.repositoryId(), () -> {
                    Cache cache = repositories.cache(projectId, workspace.repositoryId());
                    cache.takeFrom(tree, workspace.id());
                    // Read again under the lock: another apply may have been first.
                    SessionWork work = SessionWork.of(results.need(projectId, sessionId), cache);
                    ApplyResult result = bring(work, tree, author, request);
                    workspaces.noteHead(workspace);
                    return result;
                }));
    }

    private ApplyResult bring(SessionWork work, WorkTree tree, Person author, ApplyRequest request) {
        Target target = Target.of(tree, request.target());
        String wanted = wanted(work, request);
        Checkout.Applied before = work.checkout().applied();
        if (wanted.equals(work.appliedTree())) {
            return before == null
                    ? new ApplyResult(true, target.from(), target.name(), false)
                    : new ApplyResult(true, before.commit(), before.branch(), false);
        }
        Cache cache = work.cache();
        String ours = cache.treeOf(target.from());
        Cache.Merge merge = cache.merge(work.appliedTree(), ours, wanted);
        if (!merge.clean()) {
            throw new FilesConflictException(
                    "conflict",
                    "The workspace and the session changed the same lines of: " + Names.of(merge.conflicts())
                            + ". Nothing was changed. Rebase the session, or apply other files.",
                    "changed in the workspace and in the session",
                    merge.conflicts());
        }
        boolean changed = !merge.tree().equals(ours);
        String commit = target.from();
        if (changed) {
            if (target.isCheckedOut()) {
                mustBeFree(tree, cache, ours, merge.tree());
            }
            commit = cache.makeCommit(
                    merge.tree(), List.of(target.from()), ApplyMessage.of(request.commitMessage(), work), author);
            tree.takeFrom(cache, commit);
            move(tree, target, commit);
        }
        cache.put(
                "refs/slipway/applied/" + work.checkout().sessionId() + "/tree",
                cache.makeCommit(wanted, List.of(), "applied", Person.SLIPWAY));
        checkouts.applied(work.checkout(), new Checkout.Applied(wanted, commit, target.name(), work.head()));
        return new ApplyResult(true, commit, target.name(), changed);
    }

    private static String wanted(SessionWork work, ApplyRequest request) {
        List<ApplyRequest.Part> select = request.select();
        return select == null || select.isEmpty() ? work.headTree() : Selection.tree(work, select);
    }

    private static void mustBeFree(WorkTree tree, Cache cache, String from, String to) {
        if (tree.isAmidAnOperation()) {
            throw ProblemException.conflict(
                    "operation-in-progress", "A merge or rebase was begun in the workspace. End it, then apply again.");
        }
        List<String> paths = cache.command()
                .run("diff-tree", "-r", "-z", "--name-only", "--no-renames", from, to)
                .fields();
        List<String> dirty = tree.uncommittedAmong(paths);
        if (!dirty.isEmpty()) {
            throw new FilesConflictException(
                    "uncommitted-changes",
                    "The workspace has uncommitted changes in: " + Names.of(dirty)
                            + ". Nothing was changed. Commit or discard them, then apply again.",
                    "has uncommitted changes in the workspace",
                    dirty);
        }
    }

    private static void move(WorkTree tree, Target target, String commit) {
        if (!target.isCheckedOut()) {
            boolean moved = tree.command()
                    .attempt("update-ref", "-m", "slipway: apply", target.reference(), commit, target.old())
                    .ok();
            if (!moved) {
                throw ProblemException.conflict("changed-meanwhile", "The branch moved meanwhile. Apply again.");
            }
            return;
        }
        try {
            tree.advance(commit, target.from());
        } catch (GitException e) {
            if (tree.head().equals(Optional.of(commit))) {
                return;
            }
            throw ProblemException.conflict(
                    "uncommitted-changes",
                    "The workspace's files stand in the way: " + e.getMessage() + " Nothing was changed.");
        }
    }

    /**
     * Where the work goes.
     *
     * @param branch null if a commit and no branch is checked out
     * @param from the commit that the work is put on
     * @param isNew whether the branch is yet to be made
     */
    private record Target(@Nullable BranchName branch, String from, boolean isCheckedOut, boolean isNew) {
        static Target of(WorkTree tree, @Nullable String wish) {
            BranchName current = tree.branch().orElse(null);
            String head = tree.head()
                    .orElseThrow(() -> ProblemException.conflict(
                            "no-commit", "The workspace has no commit yet. Commit something in it first."));
            if (wish == null
                    || wish.isBlank()
                    || (current != null && current.text().equals(wish))) {
                return new Target(current, head, true, false);
            }
            BranchName branch = new BranchName(wish);
            if (tree.isCheckedOutElsewhere(branch)) {
                throw ProblemException.conflict(
                        "branch-in-use", "The branch " + branch + " is checked out in another folder. Choose another.");
            }
            Optional<String> at = tree.commit(branch.reference());
            return new Target(branch, at.orElse(head), false, at.isEmpty());
        }

        String name() {
            return branch == null ? "HEAD" : branch.text();
        }

        String reference() {
            return branch == null ? "HEAD" : branch.reference();
        }

        String old() {
            return isNew ? "0".repeat(40) : from;
        }
    }
}
