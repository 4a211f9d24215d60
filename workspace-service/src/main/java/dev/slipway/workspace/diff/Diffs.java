package dev.slipway.workspace.diff;

import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.GitProcess;
import dev.slipway.workspace.git.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads differences from git. The list of files is read whole (at most {@link #FILES_MAX}); of the patches, those that fit into
 * the limits, so that memory is bounded however large the change is.
 */
public final class Diffs {
    /** How many files are told of at most. */
    public static final int FILES_MAX = 10_000;

    /** How large all patches of an answer may be together, in bytes. */
    public static final int PATCHES_MAX = 8 << 20;

    /** How large one file's patch may be, in bytes, in an answer with many. */
    public static final int PATCH_MAX = 1 << 20;

    private static final List<String> FORMAT = List.of(
            "--find-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--full-index",
            "--ignore-submodules=all");

    private final GitCommand command;
    private final List<String> what;

    private Diffs(GitCommand command, List<String> what) {
        this.command = command.config("core.bigFileThreshold", "50m").config("diff.renameLimit", "2000");
        this.what = what;
    }

    /** Differences between two commits or trees. */
    public static Diffs between(GitCommand command, String from, String to) {
        return new Diffs(command, List.of("diff-tree", "-r", from, to));
    }

    /** Differences that {@code git diff} with these arguments finds. */
    public static Diffs of(GitCommand command, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("diff"));
        all.addAll(arguments);
        return new Diffs(command, all);
    }

    /** The files, without patches. Only those below the paths, if any are given. */
    public List<FileDiff> files(List<TreePath> paths) {
        List<String> fields = command.run(arguments(List.of("--raw", "--numstat", "-z"), paths))
                .fields();
        List<FileDiff> files = new ArrayList<>();
        Map<String, int[]> counts = new HashMap<>();
        int at = readRaw(fields, files);
        readCounts(fields, at, counts);
        return files.stream()
                .map(file -> counted(file, counts.get(file.path())))
                .toList();
    }

    /** The files with their patches, as far as they fit. */
    public List<FileDiff> filesWithPatches(List<TreePath> paths, int patchMax, int patchesMax) {
        // Both at once: git is not done with the patches when the list is read.
        try (GitProcess process = command.start(arguments(List.of("--patch"), paths), line -> {})) {
            process.input().close();
            List<FileDiff> files = files(paths);
            Patches patches = new Patches(process.output(), patchMax, patchesMax);
            List<FileDiff> all = new ArrayList<>(files.size());
            for (FileDiff file : files) {
                all.add(patches.next(file));
            }
            return all;
        } catch (IOException e) {
            throw new GitException("the difference cannot be read: " + e.getMessage(), e);
        }
    }

    /** The view of a session's difference. */
    public static DiffView view(List<FileDiff> files) {
        int additions =
                files.stream().mapToInt(file -> orZero(file.additions())).sum();
        int deletions =
                files.stream().mapToInt(file -> orZero(file.deletions())).sum();
        List<FileDiff> shown = files.size() > FILES_MAX ? files.subList(0, FILES_MAX) : files;
        String note = shown.size() < files.size()
                ? "only the first " + FILES_MAX + " files are listed; ask for one with path"
                : null;
        return new DiffView(shown, new DiffView.DiffStats(files.size(), additions, deletions), note);
    }

    /** The view of a session's difference with the files' names and status only. */
    public static DiffView listing(List<FileDiff> files) {
        DiffView full = view(files);
        return new DiffView(full.files().stream().map(FileDiff::listed).toList(), full.stats(), full.note());
    }

    private List<String> arguments(List<String> more, List<TreePath> paths) {
        List<String> arguments = new ArrayList<>();
        arguments.add(what.getFirst());
        arguments.addAll(FORMAT);
        arguments.addAll(more);
        arguments.addAll(what.subList(1, what.size()));
        arguments.add("--");
        paths.forEach(path -> arguments.add(path.argument()));
        return arguments;
    }

    /** {@code :mode mode object object status NUL path NUL [new path NUL]}, until the counts begin. */
    private static int readRaw(List<String> fields, List<FileDiff> files) {
        int at = 0;
        while (at < fields.size() && fields.get(at).startsWith(":")) {
            String head = fields.get(at);
            char status = head.charAt(head.lastIndexOf(' ') + 1);
            boolean moved = status == 'R' || status == 'C';
            String first = fields.get(at + 1);
            String path = moved ? fields.get(at + 2) : first;
            if (status != 'U') {
                files.add(new FileDiff(path, word(status), status == 'R' ? first : null, 0, 0, false, null, null));
            }
            at += moved ? 3 : 2;
        }
        return at;
    }

    /** {@code added TAB deleted TAB path NUL}, or with an empty path and both names after it; {@code -} for binary. */
    private static void readCounts(List<String> fields, int start, Map<String, int[]> counts) {
        int at = start;
        while (at < fields.size()) {
            String[] parts = fields.get(at).split("\t", 3);
            boolean moved = parts[2].isEmpty();
            String path = moved ? fields.get(at + 2) : parts[2];
            counts.put(
                    path,
                    parts[0].equals("-")
                            ? new int[0]
                            : new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])});
            at += moved ? 3 : 1;
        }
    }

    private static FileDiff counted(FileDiff file, int @Nullable [] count) {
        if (count == null) {
            return file;
        }
        boolean binary = count.length == 0;
        return new FileDiff(
                file.path(),
                file.status(),
                file.oldPath(),
                binary ? 0 : count[0],
                binary ? 0 : count[1],
                binary,
                null,
                null);
    }

    private static String word(char status) {
        return switch (status) {
            case 'A', 'C' -> "added";
            case 'D' -> "deleted";
            case 'R' -> "renamed";
            default -> "modified";
        };
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }
}
