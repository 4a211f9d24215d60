package dev.slipway.workspace.git;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bare repository of ours: the objects of one source, and the branch of each session that works on it. A session's references
 * lie in a namespace of their own ({@code refs/namespaces/<session>/}), which is all that its sandbox can see.
 *
 * @param folder the repository
 */
public record Cache(Git git, Path folder) {
    /** The tree without entries, known to every git. */
    public static final String EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    /** A command on it. */
    public GitCommand command() {
        return git.on(folder).onOurOwn(folder);
    }

    /** The reference of a session's branch. */
    public static String branchOf(String sessionId) {
        return "refs/namespaces/" + sessionId + "/"
                + BranchName.ofSession(sessionId).reference();
    }

    /** The reference of the copy of a session's work on a newer base. */
    public static String rebasedOf(String sessionId) {
        return "refs/slipway/rebased/" + sessionId;
    }

    /** The reference of what a work tree has checked out, as of the last look. */
    public static String headOf(String workspaceId) {
        return "refs/slipway/workspaces/" + workspaceId + "/HEAD";
    }

    /** The commit that a name of ours or a caller's stands for. */
    public Optional<String> commit(String name) {
        return Commits.resolve(command(), name + "^{commit}");
    }

    /** Whether a commit leads to another, or is the same. */
    public boolean isAncestor(String older, String newer) {
        return command().attempt("merge-base", "--is-ancestor", older, newer).ok();
    }

    /** The tree of a commit. */
    public String treeOf(String commit) {
        return Commits.resolve(command(), commit + "^{tree}")
                .orElseThrow(() -> new GitException("no tree for " + commit, -1));
    }

    /** Brings in all commits of a work tree: what it has checked out, its branches and tags. Its uncommitted changes stay there. */
    public void takeFrom(WorkTree from, String workspaceId) {
        String place = "refs/slipway/workspaces/" + workspaceId + "/";
        List<String> refs =
                new ArrayList<>(List.of("+refs/heads/*:" + place + "heads/*", "+refs/tags/*:" + place + "tags/*"));
        if (from.head().isPresent()) {
            refs.add("+HEAD:" + place + "HEAD");
        }
        new Fetch(command()).from(from.gitDir().toString(), refs, "file", line -> {});
    }

    /** A fetch by a command, from anywhere, by exactly one transport and with nothing that a configuration names. */
    public record Fetch(GitCommand command, List<String> options) {
        /** A fetch of all there is. */
        public Fetch(GitCommand command) {
            this(command, List.of());
        }

        /** Fetches. @throws GitException if it fails, with what git said */
        public void from(String source, List<String> refs, String transport, Consumer<String> progress) {
            List<String> arguments = new ArrayList<>(List.of(
                    "fetch",
                    "--progress",
                    "--prune",
                    "--no-tags",
                    "--no-write-fetch-head",
                    "--no-recurse-submodules",
                    "--update-shallow",
                    "--upload-pack=git-upload-pack"));
            arguments.addAll(options);
            arguments.add("--");
            arguments.add(source);
            arguments.addAll(refs);
            GitOutput output = command.with("GIT_ALLOW_PROTOCOL", transport).attempt(arguments, progress);
            if (!output.ok()) {
                throw new GitException(
                        "git fetch failed (exit " + output.exit() + "): " + output.error(), output.exit());
            }
        }
    }

    /** Moves a reference, if it is still where it was; {@code null} stands for its not being there. */
    public boolean move(String reference, String to, @Nullable String from) {
        String old = from == null ? "0".repeat(40) : from;
        return command()
                .attempt("update-ref", "-m", "slipway", reference, to, old)
                .ok();
    }

    /** Points a reference somewhere, wherever it was. For references that nobody else writes. */
    public void put(String reference, String to) {
        command().run("update-ref", "-m", "slipway", reference, to);
    }

    /** Removes all references below a prefix that ends with a slash. */
    public void removeAll(String prefix) {
        String list = command()
                .run("for-each-ref", "--format=delete %(refname)", prefix)
                .text();
        if (!list.isBlank()) {
            command().input(list).run("update-ref", "--no-deref", "--stdin");
        }
    }

    /** Makes a commit object; nothing points to it yet. */
    public String makeCommit(String tree, List<String> parents, String message, Person author) {
        List<String> arguments = new ArrayList<>(List.of("commit-tree", tree));
        for (String parent : parents) {
            arguments.add("-p");
            arguments.add(parent);
        }
        arguments.add("-F");
        arguments.add("-");
        return author.signing(command()).input(message).run(arguments).line();
    }

    /**
     * Joins two trees that both come from a third one. Nothing is touched: the outcome is a tree or the list of conflicts.
     *
     * <p>{@code git merge-tree} of before 2.40 takes commits and finds their base itself, so it is given commits made for it.
     */
    public Merge merge(String base, String ours, String theirs) {
        if (ours.equals(base) || ours.equals(theirs)) {
            return new Merge(theirs, List.of());
        }
        if (theirs.equals(base)) {
            return new Merge(ours, List.of());
        }
        String root = makeCommit(base, List.of(), "base", Person.SLIPWAY);
        return mergeCommits(
                makeCommit(ours, List.of(root), "ours", Person.SLIPWAY),
                makeCommit(theirs, List.of(root), "theirs", Person.SLIPWAY));
    }

    /** Joins two commits by their history. */
    public Merge mergeCommits(String ours, String theirs) {
        GitOutput output = command()
                .attempt(
                        "merge-tree",
                        "--write-tree",
                        "--name-only",
                        "--no-messages",
                        "--allow-unrelated-histories",
                        "-z",
                        ours,
                        theirs);
        List<String> fields = output.fields();
        if (output.exit() > 1 || fields.isEmpty()) {
            throw new GitException("git merge-tree failed: " + output.error(), output.exit());
        }
        List<String> conflicts = output.exit() == 0
                ? List.of()
                : fields.subList(1, fields.size()).stream()
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
        return new Merge(fields.getFirst(), conflicts);
    }

    /** What joining gave: a tree that is good only if there are no conflicts. */
    public record Merge(String tree, List<String> conflicts) {
        /** Whether it went through. */
        public boolean clean() {
            return conflicts.isEmpty();
        }
    }
}
