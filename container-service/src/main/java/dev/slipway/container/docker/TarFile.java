package dev.slipway.container.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads the one file of an archive as the engine makes it (POSIX ustar; IEEE Std 1003.1, pax). */
final class TarFile {
    private static final int BLOCK = 512;
    private static final int SIZE_AT = 124;
    private static final int SIZE_DIGITS = 12;
    private static final int TYPE_AT = 156;
    private static final int BYTES_MAX = 1024 * 1024;

    private TarFile() {}

    /**
     * The first regular file.
     *
     * @throws IOException if there is none, or it is larger than a mebibyte
     */
    static byte[] onlyFile(InputStream archive) throws IOException {
        while (true) {
            byte[] header = archive.readNBytes(BLOCK);
            if (header.length < BLOCK || header[0] == 0) {
                throw new EOFException("no regular file in the archive");
            }
            long size = size(header);
            if (size > BYTES_MAX) {
                throw new IOException("file of " + size + " bytes (expected: at most " + BYTES_MAX + ")");
            }
            if (header[TYPE_AT] == '0' || header[TYPE_AT] == 0) {
                byte[] content = archive.readNBytes((int) size);
                if (content.length < size) {
                    throw new EOFException("the archive ends within the file");
                }
                return content;
            }
            archive.skipNBytes((size + BLOCK - 1) / BLOCK * BLOCK);
        }
    }

    private static long size(byte[] header) throws IOException {
        String octal = new String(header, SIZE_AT, SIZE_DIGITS, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
        try {
            return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
        } catch (NumberFormatException e) {
            throw new IOException("the archive's header is malformed", e);
        }
    }
}
