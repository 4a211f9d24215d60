package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.diff.Diffs;
import dev.slipway.workspace.diff.FileDiff;
import dev.slipway.workspace.git.Cache;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitOutput;
import dev.slipway.workspace.git.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes the tree of what the workspace is to have of a session's work: what it has already, and the chosen parts. A whole file
 * becomes as the session has it. Hunks are taken from the patch of the file against the session's base, the one that the user
 * sees, and joined with what was applied of the file before.
 */
final class Selection {
    private static final int PARTS_MAX = 1_000;
    private static final int PATCH_MAX = 32 << 20;
    private static final String NOTHING = "0".repeat(40);

    private final SessionWork work;
    private final Cache cache;
    private final String headTree;
    private final String baseTree;
    private final List<FileDiff> changes;

    private Selection(SessionWork work) {
        this.work = work;
        this.cache = work.cache();
        this.headTree = work.headTree();
        this.baseTree = work.baseTree();
        this.changes = Diffs.between(cache.command(), baseTree, headTree).files(List.of());
    }

    /** The tree with these parts. */
    static String tree(SessionWork work, List<ApplyRequest.Part> parts) {
        if (parts.size() > PARTS_MAX) {
            throw ProblemException.invalid("select", parts.size() + " files (expected: at most " + PARTS_MAX + ")");
        }
        return new Selection(work).with(parts);
    }

    private String with(List<ApplyRequest.Part> parts) {
        StringBuilder entries = new StringBuilder();
        for (ApplyRequest.Part part : parts) {
            String file = part.file();
            if (file == null) {
                throw ProblemException.invalid("select", "an entry without a file (expected: {file,hunks?})");
            }
            TreePath path = TreePath.of("select", file);
            List<Integer> hunks = part.hunks();
            if (hunks == null || hunks.isEmpty()) {
                takeFile(path.text(), entries);
            } else {
                takeHunks(path, hunks, entries);
            }
        }
        return onIndex(work.appliedTree(), index -> {
            index.input(entries.toString()).run("update-index", "-z", "--index-info");
            return index.run("write-tree").line();
        });
    }

    private void takeFile(String path, StringBuilder entries) {
        Optional<FileDiff> change = change(path);
        Optional<Entry> wanted = entry(headTree, path);
        if (change.isEmpty() && wanted.equals(entry(work.appliedTree(), path))) {
            throw ProblemException.unprocessable(
                    "select", "\"" + path + "\" is not changed by the session (expected: a file of its diff)");
        }
        String oldPath = change.map(FileDiff::oldPath).orElse(null);
        if (oldPath != null) {
            put(entry(headTree, oldPath), oldPath, entries);
        }
        put(wanted, path, entries);
    }

    private void takeHunks(TreePath path, List<Integer> hunks, StringBuilder entries) {
        FileDiff change = change(path.text())
                .orElseThrow(() -> ProblemException.unprocessable(
                        "select",
                        "\"" + path.text() + "\" is not changed by the session (expected: a file of its diff)"));
        if (!change.status().equals("modified") || Boolean.TRUE.equals(change.binary())) {
            throw ProblemException.unprocessable(
                    "select",
                    "\"" + path.text() + "\" is " + change.status()
                            + " or binary (expected: the whole file, without hunks)");
        }
        byte[] patch = cache.command()
                .outputMax(PATCH_MAX)
                .run(
                        "diff-tree",
                        "-r",
                        "-p",
                        "--full-index",
                        "--no-ext-diff",
                        "--no-textconv",
                        baseTree,
                        headTree,
                        "--",
                        path.argument())
                .bytes();
        byte[] chosen = Hunks.choose(patch, hunks);
        Entry wanted = onIndex(baseTree, index -> {
            index.input(chosen).run("apply", "--cached", "--whitespace=nowarn", "-");
            return entry(index.run("write-tree").line(), path.text()).orElseThrow();
        });
        Entry before = entry(baseTree, path.text()).orElseThrow();
        Entry had = entry(work.appliedTree(), path.text()).orElse(before);
        put(
                Optional.of(
                        new Entry(wanted.mode(), join(path.text(), before.object(), had.object(), wanted.object()))),
                path.text(),
                entries);
    }

    /** What was applied of the file before, and the hunks chosen now. */
    private String join(String path, String before, String had, String wanted) {
        if (had.equals(before) || had.equals(wanted)) {
            return wanted;
        }
        Cache.Merge merge = cache.merge(single(before), single(had), single(wanted));
        if (!merge.clean()) {
            throw new FilesConflictException(
                    "conflict",
                    "The hunks overlap with what was applied of " + path + " before. Apply the whole file.",
                    "overlaps with what was applied before",
                    List.of(path));
        }
        return entry(merge.tree(), "file").orElseThrow().object();
    }

    private String single(String object) {
        return cache.command()
                .input("100644 blob " + object + "\tfile\0")
                .run("mktree", "-z")
                .line();
    }

    private Optional<FileDiff> change(String path) {
        return changes.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    private record Entry(String mode, String object) {}

    private Optional<Entry> entry(String tree, String path) {
        GitOutput output = cache.command().run("ls-tree", "-z", tree, "--", path);
        return output.fields().stream()
                .findFirst()
                .map(line -> line.split("[ \t]", 4))
                .map(parts -> new Entry(parts[0], parts[2]));
    }

    private static void put(Optional<Entry> entry, String path, StringBuilder entries) {
        entries.append(entry.map(found -> found.mode() + " " + found.object()).orElse("0 " + NOTHING))
                .append('\t')
                .append(path)
                .append('\0');
    }

    private interface IndexWork<T> {
        T on(GitCommand index);
    }

    /** Works on an index of its own, filled with a tree. */
    private <T> T onIndex(String tree, IndexWork<T> task) {
        try {
            Path file = Files.createTempFile("slipway-index", "");
            try {
                Files.delete(file);
                GitCommand index = cache.command().with("GIT_INDEX_FILE", file.toString());
                index.run("read-tree", tree);
                return task.on(index);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(Path.of(file + ".lock"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make an index for a selection", e);
        }
    }
}
