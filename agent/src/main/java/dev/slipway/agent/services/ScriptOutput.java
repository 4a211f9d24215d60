package dev.slipway.agent.services;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a script writes, in a file on the volume; when it has grown too long it is begun anew. */
final class ScriptOutput {
    private static final int BYTES_MAX = 1 << 20;

    private final Path file;
    private volatile String lastLine = "";

    ScriptOutput(Path file) {
        this.file = file;
    }

    /** Reads all that comes, until nothing more does. */
    void copy(InputStream in) {
        byte[] buffer = new byte[8 * 1024];
        long size = 0;
        try (in) {
            Files.createDirectories(file.getParent());
            OutputStream out = Files.newOutputStream(file);
            try {
                int count;
                while ((count = in.read(buffer)) >= 0) {
                    if (size + count > BYTES_MAX) {
                        out.close();
                        out = Files.newOutputStream(file);
                        size = 0;
                    }
                    size += count;
                    out.write(buffer, 0, count);
                    note(new String(buffer, 0, count, StandardCharsets.UTF_8));
                }
            } finally {
                out.close();
            }
        } catch (IOException e) {
            Log.warn("a script's output cannot be kept", "file", file.getFileName(), "error", e.getMessage());
        }
    }

    private void note(String text) {
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> lastLine = line);
    }

    /** The last line that said something; empty at first. */
    String lastLine() {
        return lastLine;
    }

    /** All that is kept. */
    String text() throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
