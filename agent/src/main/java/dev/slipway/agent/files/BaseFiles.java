package dev.slipway.agent.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.git.Git;
import dev.slipway.agent.http.Problem;
import java.io.IOException;
import java.util.List;

/** Files as they were in the commit that the session began with. */
public final class BaseFiles {
    private final Git git;
    private final String base;

    /** @param git in the work tree */
    public BaseFiles(Git git, String base) {
        this.git = git;
        this.base = base;
    }

    /** The content of a file; {@code path} as {@link WorkspaceFiles#tracked} gives it. */
    public ObjectNode read(String path) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of("git", "cat-file", "blob", base + ":" + path))
                .directory(git.directory().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            byte[] bytes = process.getInputStream().readNBytes(WorkspaceFiles.FILE_BYTES_MAX + 1);
            if (bytes.length > WorkspaceFiles.FILE_BYTES_MAX) {
                throw Problem.of(413, "The file is larger than " + WorkspaceFiles.FILE_BYTES_MAX + " bytes.");
            }
            if (process.waitFor() != 0) {
                throw Problem.of(404, "There was no file at this path in the base commit.");
            }
            return WorkspaceFiles.content(path, bytes);
        } finally {
            process.destroyForcibly();
        }
    }
}
