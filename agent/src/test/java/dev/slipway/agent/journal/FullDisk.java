package dev.slipway.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small file system of its own (needs root and Linux), which can be filled and freed again. */
public final class FullDisk implements AutoCloseable {
    private final Path folder;

    private FullDisk(Path folder) {
        this.folder = folder;
    }

    /** Puts a file system of that size at the folder, or skips the test where that is not allowed. */
    public static FullDisk at(Path folder, int megabytes) throws Exception {
        Files.createDirectories(folder);
        Process mount = new ProcessBuilder(
                        "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString())
                .redirectErrorStream(true)
                .start();
        assumeTrue(mount.waitFor() == 0, "no file system can be mounted here");
        return new FullDisk(folder);
    }

    /** Takes every byte that is left. */
    public void fill() throws IOException {
        try (var out = Files.newByteChannel(
                folder.resolve("filler"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
            var piece = java.nio.ByteBuffer.allocate(4096);
            while (true) {
                piece.clear();
                out.write(piece);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space");
        }
    }

    /** Gives back what was taken. */
    public void free() throws IOException {
        Files.delete(folder.resolve("filler"));
    }

    @Override
    public void close() throws IOException {
        new ProcessBuilder("umount", "-l", folder.toString()).start().onExit().join();
    }
}
