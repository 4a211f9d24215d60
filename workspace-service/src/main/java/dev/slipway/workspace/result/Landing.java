package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.BranchName;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.WorkTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where new commits come down in a workspace: the branch that is checked out, with its files, or another one, without.
 *
 * @param branch null if a commit and no branch is checked out
 * @param from the commit that is there now, or that a new branch starts from
 * @param isNew whether the branch is yet to be made
 */
record Landing(WorkTree tree, @Nullable BranchName branch, String from, boolean isCheckedOut, boolean isNew) {
    private static final String NOTHING = "0".repeat(40);
    private static final long BYTES_MAX = 1L << 30;

    /** The place that a caller wishes for; the current one if none is named. */
    static Landing of(WorkTree tree, @Nullable String wish) {
        BranchName current = tree.branch().orElse(null);
        String head = tree.head()
                .orElseThrow(() -> ProblemException.conflict(
                        "no-commit", "The workspace has no commit yet. Commit something in it first."));
        if (wish == null || wish.isBlank() || (current != null && current.text().equals(wish))) {
            return new Landing(tree, current, head, true, false);
        }
        BranchName branch = new BranchName(wish);
        if (tree.isCheckedOutElsewhere(branch)) {
            throw ProblemException.conflict(
                    "branch-in-use", "The branch " + branch + " is checked out in another folder. Choose another.");
        }
        Optional<String> at = tree.commit(branch.reference());
        return new Landing(tree, branch, at.orElse(head), false, at.isEmpty());
    }

    String name() {
        return branch == null ? "HEAD" : branch.text();
    }

    /** Makes sure that going to another tree would lose nothing; changes nothing itself. */
    void mustBeFree(Cache cache, String from, String to) {
        List<String> fields = cache.command()
                .run("diff-tree", "-r", "-z", "--raw", "--no-renames", from, to)
                .fields();
        List<String> objects = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        // What changed and where alternate; a path may look like anything.
        for (int at = 0; at + 1 < fields.size(); at += 2) {
            objects.add(fields.get(at).split(" ")[3]);
            paths.add(fields.get(at + 1));
        }
        mustFit(cache, objects);
        if (isCheckedOut) {
            mustBeClean(paths);
        }
    }

    private void mustBeClean(List<String> paths) {
        if (tree.isAmidAnOperation()) {
            throw ProblemException.conflict(
                    "operation-in-progress", "A merge or rebase was begun in the workspace. End it, then try again.");
        }
        List<String> dirty = tree.uncommittedAmong(paths);
        if (!dirty.isEmpty()) {
            throw new FilesConflictException(
                    "uncommitted-changes",
                    "The workspace has uncommitted changes in: " + Names.of(dirty)
                            + ". Nothing was changed. Commit or discard them, then try again.",
                    "has uncommitted changes in the workspace",
                    dirty);
        }
    }

    /** Brings a commit, which is in the cache, to this place. */
    void bring(Cache cache, String commit) {
        tree.takeFrom(cache, commit);
        if (isCheckedOut) {
            advance(commit);
            return;
        }
        String reference = branch == null ? "HEAD" : branch.reference();
        boolean moved = tree.command()
                .attempt("update-ref", "-m", "slipway", reference, commit, isNew ? NOTHING : from)
                .ok();
        if (!moved) {
            throw ProblemException.conflict("changed-meanwhile", "The branch moved meanwhile. Try again.");
        }
    }

    private void advance(String commit) {
        try {
            tree.advance(commit, from);
        } catch (GitException e) {
            if (tree.head().equals(Optional.of(commit))) {
                return;
            }
            throw ProblemException.conflict(
                    "uncommitted-changes",
                    "The workspace's files stand in the way: " + e.getMessage() + " Nothing was changed.");
        }
    }

    /** A pack of some kilobytes can unfold to files of any size, so their sizes are asked before they are written. */
    private static void mustFit(Cache cache, List<String> objects) {
        long bytes = cache.command()
                .input(String.join("\n", objects))
                .run("cat-file", "--batch-check=%(objectsize)")
                .text()
                .lines()
                .filter(line -> line.matches("[0-9]+"))
                .mapToLong(Long::parseLong)
                .sum();
        if (bytes > BYTES_MAX) {
            throw ProblemException.unprocessable(
                    "select",
                    "the changed files are " + bytes + " bytes (expected: at most " + BYTES_MAX + "; choose fewer)");
        }
    }
}
