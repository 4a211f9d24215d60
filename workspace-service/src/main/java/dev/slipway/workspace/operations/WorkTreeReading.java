package dev.slipway.workspace.operations;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.diff.Diffs;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.Revision;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.git.WorkTree;
import dev.slipway.workspace.history.CommitView;
import dev.slipway.workspace.history.History;
import dev.slipway.workspace.operations.GitViews.Branch;
import dev.slipway.workspace.registry.Repositories;
import dev.slipway.workspace.registry.WorkspaceService;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at work trees; changes nothing, not even the index. */
@Singleton
class WorkTreeReading {
    private final WorkspaceService workspaces;
    private final Repositories repositories;

    WorkTreeReading(WorkspaceService workspaces, Repositories repositories) {
        this.workspaces = workspaces;
        this.repositories = repositories;
    }

    WorkTree open(String project, String workspace) {
        return repositories.workTree(workspaces.need(project, workspace));
    }

    StatusView status(WorkTree tree) {
        GitOutput output = tree.command()
                .run(
                        "status",
                        "--porcelain=v2",
                        "--branch",
                        "-z",
                        "--untracked-files=all",
                        "--find-renames",
                        "--ignore-submodules=dirty");
        return Status.read(output.fields());
    }

    /** Branches by name, after one of them, and one more than the limit if there is one. */
    List<Branch> branches(WorkTree tree, @Nullable String after, int limit) {
        String format = "--format=%(refname)%00%(objectname)%00%(upstream)%00%(HEAD)%00%(symref)%00";
        List<String> fields = tree.command()
                .run("for-each-ref", "--sort=refname", format, "refs/heads", "refs/remotes")
                .fields();
        List<Branch> branches = new ArrayList<>();
        for (int at = 0; at + 5 <= fields.size() && branches.size() <= limit; at += 5) {
            String name = fields.get(at).strip();
            boolean isAlias = !fields.get(at + 4).isEmpty();
            if (!isAlias && (after == null || name.compareTo(after) > 0)) {
                branches.add(new Branch(
                        shortened(name),
                        name.startsWith("refs/remotes/"),
                        fields.get(at + 3).equals("*"),
                        fields.get(at + 1),
                        fields.get(at + 2).isEmpty() ? null : shortened(fields.get(at + 2))));
            }
        }
        return branches;
    }

    /** The whole name of a branch in the list, for the cursor. */
    static String wholeName(Branch branch) {
        return (branch.isRemote() ? "refs/remotes/" : "refs/heads/") + branch.name();
    }

    /** What differs, ready to be read. Between two commits if both are named, else up to the index or the files. */
    Diffs.Reader diff(WorkTree tree, boolean staged, @Nullable Revision base, @Nullable Revision head) {
        if (staged && head != null) {
            throw ProblemException.invalid("head", "given with staged (expected: one of them)");
        }
        if (base == null && head != null) {
            throw ProblemException.invalid("base", "missing (expected: a commit, as head is given)");
        }
        List<String> what = new ArrayList<>();
        if (staged) {
            what.add("--cached");
        }
        if (!staged && base == null) {
            // For files with conflicts: what the user did to our side of them, instead of a combined format.
            what.add("--ours");
        }
        List<Revision> named = Stream.of(base, head)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        if (!named.isEmpty()) {
            what.add("--end-of-options");
            named.forEach(revision -> what.add(revision.text() + "^{commit}"));
        }
        Diffs diffs = Diffs.of(tree.command(), what);
        return read -> orUnknown(tree, () -> read.from(diffs), named.toArray(Revision[]::new));
    }

    /** What is read, or 404 if it cannot be since one of these names no commit. */
    private static <T> T orUnknown(WorkTree tree, Supplier<T> read, Revision... named) {
        try {
            return read.get();
        } catch (GitException e) {
            for (Revision revision : named) {
                tree.need(revision);
            }
            throw e;
        }
    }

    GitViews.Log log(WorkTree tree, @Nullable Revision from, @Nullable TreePath path, int skip, int limit) {
        Revision start = from == null ? Revision.HEAD : from;
        // Most of the time no process is needed; if one is, whether there is such a commit is asked only when git says
        // that
        // something is wrong.
        List<CommitView> read = path != null
                ? asked(tree, start, path, skip, limit)
                : History.log(tree.gitDir(), start.text(), skip, limit + 1)
                        .orElseGet(() -> asked(tree, start, null, skip, limit));
        var page = dev.slipway.kit.paging.Paging.page(read, limit, last -> Integer.toString(skip + limit));
        return new GitViews.Log(page.items(), page.nextCursor());
    }

    private static List<CommitView> asked(WorkTree tree, Revision start, @Nullable TreePath path, int skip, int limit) {
        return orUnknown(tree, () -> CommitLog.read(tree.command(), start, skip, limit + 1, path), start);
    }

    GitViews.Blame blame(WorkTree tree, TreePath path, @Nullable Revision at, int from, int limit) {
        String commit = tree.need(at == null ? Revision.HEAD : at);
        GitOutput output = tree.command()
                .attempt(
                        "blame",
                        "--line-porcelain",
                        "--no-textconv",
                        "-L",
                        from + ",+" + (limit + 1),
                        commit,
                        "--",
                        path.text());
        if (!output.ok()) {
            if (output.error().contains("has only")) {
                return new GitViews.Blame(path.text(), List.of(), null);
            }
            throw ProblemException.notFound("file");
        }
        List<GitViews.BlameLine> lines = BlameReader.read(output.text());
        boolean more = lines.size() > limit;
        return new GitViews.Blame(path.text(), more ? lines.subList(0, limit) : lines, more ? from + limit : null);
    }

    private static String shortened(String reference) {
        return reference.replaceFirst("^refs/(heads|remotes)/", "");
    }
}
