package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.git.TreePath;
import dev.slipway.workspace.source.RemoteUrl;
import dev.slipway.workspace.source.SourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a git workspace is cloned.
 *
 * @param depth how many commits of each branch are fetched; null for all. Workspaces of different depth do not share a cache.
 * @param sparse folders that the working clone has; empty for all
 * @param submodules whether submodules are fetched too, into the working clone
 * @param lfs whether files in Git LFS are fetched, into the working clone; else they stay pointers
 */
public record CloneOptions(@Nullable Integer depth, List<String> sparse, boolean submodules, boolean lfs) {
    /** All of it, without submodules and large files. */
    public static final CloneOptions WHOLE = new CloneOptions(null, List.of(), false, false);

    private static final int DEPTH_MAX = 1_000_000;
    private static final int SPARSE_MAX = 100;

    public CloneOptions {
        sparse = List.copyOf(sparse);
    }

    /** What a client wishes, checked. */
    static CloneOptions of(NewWorkspace wish) {
        Integer depth = wish.depth();
        if (depth != null && (depth < 1 || depth > DEPTH_MAX)) {
            throw ProblemException.invalid("depth", depth + " (expected: 1 to " + DEPTH_MAX + ", or none)");
        }
        List<String> sparse = wish.sparse() == null ? List.of() : wish.sparse();
        if (sparse.size() > SPARSE_MAX) {
            throw ProblemException.invalid("sparse", sparse.size() + " folders (expected: at most " + SPARSE_MAX + ")");
        }
        List<String> folders = TreePath.all("sparse", sparse).stream()
                .map(TreePath::text)
                .filter(folder -> !folder.isEmpty())
                .toList();
        return new CloneOptions(
                depth, folders, Boolean.TRUE.equals(wish.submodules()), Boolean.TRUE.equals(wish.lfs()));
    }

    /** Ends with a problem if the source cannot be cloned like this. */
    void mustSuit(SourceType type, @Nullable RemoteUrl url) {
        if (type == SourceType.LOCAL && !equals(WHOLE)) {
            throw ProblemException.invalid(
                    "sourceType", "local, which is used in place (expected: no depth, sparse, submodules or lfs)");
        }
        if (lfs && url != null && url.scheme().equals("ssh")) {
            throw ProblemException.unprocessable("lfs", "over ssh (expected: the https address of the repository)");
        }
    }

    /** What tells the caches of one source apart. */
    String suffix() {
        return depth == null ? "" : "#depth=" + depth;
    }
}
