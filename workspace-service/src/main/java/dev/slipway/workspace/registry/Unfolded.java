package dev.slipway.workspace.registry;

import dev.slipway.kit.problem.ProblemException;
import dev.slipway.workspace.WorkspaceSettings;
import dev.slipway.workspace.git.GitCommand;
import dev.slipway.workspace.git.GitException;
import dev.slipway.workspace.git.GitProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a commit of somebody else's becomes once it is checked out: asked before it is, for a pack tells nothing of it. */
public final class Unfolded {
    private static final Pattern POINTER = Pattern.compile("filepath: (?<name>.*)| +size: (?<size>\\d{1,18})");

    private Unfolded() {}

    /** Ends with a problem if the commit has more or larger files than may be. Stops counting as soon as that is known. */
    public static void mustFit(GitCommand command, String commit, WorkspaceSettings settings) {
        Sum sum = new Sum(settings);
        eachLine(command, List.of("ls-tree", "-r", "-l", commit), line -> {
            long size = size(line);
            if (size > settings.objectBytesMax()) {
                throw tooMuch(
                        "a file of " + size + " bytes, " + line.substring(line.indexOf('\t') + 1),
                        settings.objectBytesMax() + " bytes; slipway.workspaces.object-bytes-max");
            }
            sum.add(size);
        });
    }

    /** As {@link #mustFit}, for the large files of what is checked out: their pointers tell how large they are. */
    static void largeFilesMustFit(GitCommand command, WorkspaceSettings settings) {
        Sum sum = new Sum(settings);
        AtomicReference<String> name = new AtomicReference<>("");
        eachLine(command, List.of("lfs", "ls-files", "--debug"), line -> {
            Matcher field = POINTER.matcher(line);
            if (!field.matches()) {
                return;
            }
            if (field.group("size") == null) {
                name.set(field.group("name"));
                return;
            }
            long size = Long.parseLong(field.group("size"));
            if (size > settings.remoteBytesMax()) {
                throw tooMuch(
                        "a large file of " + size + " bytes, " + name,
                        settings.remoteBytesMax() + " bytes; slipway.workspaces.remote-bytes-max");
            }
            sum.add(size);
        });
    }

    /** What has been counted so far. */
    private static final class Sum {
        private final WorkspaceSettings settings;
        private long files;
        private long bytes;

        Sum(WorkspaceSettings settings) {
            this.settings = settings;
        }

        void add(long size) {
            files++;
            bytes += size;
            if (bytes > settings.treeBytesMax()) {
                throw tooMuch(
                        "files of more than " + settings.treeBytesMax() + " bytes together",
                        settings.treeBytesMax() + " bytes; slipway.workspaces.tree-bytes-max");
            }
            if (files > settings.treeFilesMax()) {
                throw tooMuch(
                        "more than " + settings.treeFilesMax() + " files",
                        settings.treeFilesMax() + " files; slipway.workspaces.tree-files-max");
            }
        }
    }

    private static void eachLine(GitCommand command, List<String> list, Consumer<String> reader) {
        String name = "git " + list.getFirst();
        try (GitProcess process = command.start(list, line -> {});
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                reader.accept(line);
            }
            int exit = process.await();
            if (exit != 0) {
                throw new GitException(name + " failed (exit " + exit + "): " + process.error(), exit);
            }
        } catch (IOException e) {
            throw new GitException(name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitException(name + ": interrupted", e);
        }
    }

    private static ProblemException tooMuch(String found, String expected) {
        return ProblemException.unprocessable(
                "path",
                "the commit has " + found + " (expected: at most " + expected + " is the operator's to change)");
    }

    /** Bytes of a file; a submodule has none. */
    private static long size(String line) {
        String before = line.substring(0, line.indexOf('\t'));
        String size = before.substring(before.lastIndexOf(' ') + 1);
        return size.equals("-") ? 0 : Long.parseLong(size);
    }
}
