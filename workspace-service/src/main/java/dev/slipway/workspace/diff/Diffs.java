package dev.slipway.workspace.diff;

import dev.slipway.kit.paging.Paging;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.GitProcess;
import dev.slipway.workspace.git.ProcessOutput;
import dev.slipway.workspace.git.TreePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads differences from git: as a list of files, which is read whole (at most {@link #FILES_MAX}), or as a stream with their patches,
 * so that memory is bounded however large the change is.
 */
public final class Diffs {
    /** How many files are told of at most. */
    public static final int FILES_MAX = 10_000;

    /** How large one file's patch may be, in bytes, in an answer with many. */
    private static final long PATCH_MAX = 8L << 20;

    /** How large all patches of an answer may be together, in bytes. */
    private static final long PATCHES_MAX = 128L << 20;

    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private static final List<String> FORMAT = List.of(
            "--find-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--full-index",
            "--ignore-submodules=dirty",
            // A repository may wish for more, which would have git look into the submodule, and obey what is configured
            // there.
            "--submodule=short");

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
        List<String> fields = command.run(arguments(List.of("--raw", "--numstat", "-z"), texts(paths)))
                .fields();
        List<FileDiff> files = new ArrayList<>();
        Map<String, int[]> counts = new HashMap<>();
        int at = readRaw(fields, files);
        readCounts(fields, at, counts);
        return files.stream()
                .map(file -> counted(file, counts.get(file.path())))
                .toList();
    }

    /** Reads from a difference; what is wrong with it is said when it is begun. */
    public interface Reading {
        /** The answer's body. */
        InputStream from(Diffs diffs);
    }

    /** A difference that is ready to be read. */
    public interface Reader {
        /** The answer's body. @throws GitException if git refuses what it is asked */
        InputStream read(Reading reading);
    }

    /** A part of the list: {@code limit} files after {@code skip} of them. */
    public record Page(int skip, int limit) {
        /** All of it. */
        public static final Page ALL = new Page(0, FILES_MAX);
    }

    /**
     * The files with their patches as JSON, {@code {field:[FileDiff…],stats?,note?,nextCursor}}, read as it comes. Closing it ends git.
     *
     * @throws GitException if git refuses what it is asked
     */
    public InputStream json(String field, boolean hasStats, List<TreePath> paths, Page page) {
        if (page.equals(Page.ALL)) {
            return stream(new DiffStream.Frame(field, null, hasStats, null, -1, PATCH_MAX, PATCHES_MAX), texts(paths));
        }
        List<FileDiff> all = names(paths);
        int end = Math.min(all.size(), page.skip() + page.limit());
        List<String> asked = new ArrayList<>();
        for (FileDiff file : all.subList(Math.min(page.skip(), end), end)) {
            asked.add(file.path());
            if (file.oldPath() != null) {
                asked.add(file.oldPath());
            }
        }
        String next = end < all.size() ? Paging.cursor(Integer.toString(end)) : null;
        DiffStream.Frame frame = new DiffStream.Frame(field, null, hasStats, next, all.size(), PATCH_MAX, PATCHES_MAX);
        return asked.isEmpty() ? empty(field, hasStats) : stream(frame, asked);
    }

    /** One file with its patch as JSON, a {@link FileDiff}; its old name is asked for too, if it has one. */
    public InputStream one(TreePath path) {
        List<String> asked = new ArrayList<>(List.of(path.argument()));
        names(List.of()).stream()
                .filter(file -> file.path().equals(path.text()))
                .findFirst()
                .map(FileDiff::oldPath)
                .ifPresent(asked::add);
        return stream(new DiffStream.Frame("", path.text(), false, null, -1, PATCHES_MAX, PATCHES_MAX), asked);
    }

    /** The patches as git prints them, without a limit, read as they come. Closing it ends git. */
    public InputStream patch(List<TreePath> paths) {
        GitProcess process = begin(List.of("--patch"), texts(paths));
        return new ProcessOutput(process);
    }

    private InputStream stream(DiffStream.Frame frame, List<String> paths) {
        GitProcess process = begin(List.of("--raw", "--patch", "-z"), paths);
        try {
            return new DiffStream(process, frame, FILES_MAX);
        } catch (IOException e) {
            process.close();
            throw new GitException("the difference cannot be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            process.close();
            Thread.currentThread().interrupt();
            throw new GitException("interrupted", e);
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private GitProcess begin(List<String> format, List<String> paths) {
        GitProcess process = command.deadline(DEADLINE).start(arguments(format, paths), line -> {});
        try {
            process.input().close();
            return process;
        } catch (IOException e) {
            process.close();
            throw new GitException("git diff cannot be started: " + e.getMessage(), e);
        }
    }

    private static InputStream empty(String field, boolean hasStats) {
        String stats = hasStats ? ",\"stats\":{\"filesChanged\":0,\"additions\":0,\"deletions\":0}" : "";
        return new ByteArrayInputStream(
                ("{\"" + field + "\":[]" + stats + ",\"nextCursor\":null}").getBytes(StandardCharsets.UTF_8));
    }

    /** The files with their old names, without counts. */
    private List<FileDiff> names(List<TreePath> paths) {
        List<FileDiff> files = new ArrayList<>();
        readRaw(command.run(arguments(List.of("--raw", "-z"), texts(paths))).fields(), files);
        return files;
    }

    private static DiffView view(List<FileDiff> files) {
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

    private static List<String> texts(List<TreePath> paths) {
        return paths.stream().map(TreePath::argument).toList();
    }

    private List<String> arguments(List<String> more, List<String> paths) {
        List<String> arguments = new ArrayList<>();
        arguments.add(what.getFirst());
        arguments.addAll(FORMAT);
        arguments.addAll(more);
        arguments.addAll(what.subList(1, what.size()));
        arguments.add("--");
        arguments.addAll(paths);
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
