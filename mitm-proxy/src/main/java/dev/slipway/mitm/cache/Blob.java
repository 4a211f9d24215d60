package dev.slipway.mitm.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A stored body that is open for reading. Its file begins with a head of fixed size: a mark, the length, the media type.
 *
 * @param length of the body, in bytes
 */
public record Blob(FileChannel file, long length, String mediaType) implements AutoCloseable {
    /** Where the body begins in the file. */
    public static final int HEAD_BYTES = 512;

    private static final String MARK = "slipway-blob-1";

    static ByteBuffer head(long length, String mediaType) {
        byte[] text = (MARK + "\n" + length + "\n" + mediaType + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.wrap(Arrays.copyOf(text, HEAD_BYTES));
    }

    /**
     * Opens a file of the store.
     *
     * @throws IOException if it is none, or not whole
     */
    static Blob open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
            int read = file.read(head);
            while (read > 0 && head.hasRemaining()) {
                read = file.read(head);
            }
            String[] lines = new String(head.array(), StandardCharsets.UTF_8).split("\n", -1);
            if (lines.length < 4 || !lines[0].equals(MARK) || file.size() != HEAD_BYTES + Long.parseLong(lines[1])) {
                throw new IOException(path + ": not a whole blob");
            }
            return new Blob(file, Long.parseLong(lines[1]), lines[2]);
        } catch (IOException | NumberFormatException e) {
            file.close();
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Reads from this place of the body on; gives how many bytes, at least one. */
    public int read(ByteBuffer into, long from) throws IOException {
        int read = file.read(into, HEAD_BYTES + from);
        if (read <= 0) {
            throw new IOException("the blob ends at " + from + " (expected: " + length + " bytes)");
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
