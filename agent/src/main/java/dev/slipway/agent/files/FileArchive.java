package dev.slipway.agent.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** A folder as a compressed archive, made by tar(1) while it is sent. Links are stored as links; git's folder is left out. */
public final class FileArchive {
    /** What tar answers when a file changed while it was read, as happens in a session that works. */
    private static final int CHANGED_MEANWHILE = 1;

    private final Path folder;

    /** @param folder whose real place is known to be inside */
    public FileArchive(Path folder) {
        this.folder = folder;
    }

    /** A name for it that is harmless in a header. */
    public String fileName() {
        return folder.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_") + ".tar.gz";
    }

    /** Writes it; an archive that does not become whole ends with an exception. */
    public void writeTo(OutputStream out) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of("tar", "--create", "--gzip", "--file=-", "--exclude=./.git", "."))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            process.getInputStream().transferTo(out);
            int exit = process.waitFor();
            if (exit > CHANGED_MEANWHILE) {
                throw new IOException("tar ended with exit code " + exit);
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
