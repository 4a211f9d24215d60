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

/** What a commit of somebody else's becomes once it is checked out: asked before it is, for a pack tells nothing of it. */
public final class Unfolded {
    private Unfolded() {}

    /** Ends with a problem if the commit has more or larger files than may be. Stops counting as soon as that is known. */
    public static void mustFit(GitCommand command, String commit, WorkspaceSettings settings) {
        List<String> list = List.of("ls-tree", "-r", "-l", commit);
        try (GitProcess process = command.start(list, line -> {});
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.output(), StandardCharsets.UTF_8))) {
            long files = 0;
            long bytes = 0;
            String line;
            while ((line = lines.readLine()) != null) {
                long size = size(line);
                files++;
                bytes += size;
                if (size > settings.objectBytesMax()) {
                    throw tooMuch(
                            "a file of " + size + " bytes, " + line.substring(line.indexOf('\t') + 1),
                            settings.objectBytesMax() + " bytes; slipway.workspaces.object-bytes-max");
                }
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
            int exit = process.await();
            if (exit != 0) {
                throw new GitException("git ls-tree failed (exit " + exit + "): " + process.error(), exit);
            }
        } catch (IOException e) {
            throw new GitException("git ls-tree: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitException("git ls-tree: interrupted", e);
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
