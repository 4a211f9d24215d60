package dev.slipway.workspace.transport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Bodies of requests. Git compresses those that are long; some servers have undone it by the time we see them. */
final class Bodies {
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private Bodies() {}

    /** The body as git wrote it. What it wrote never begins like gzip does: it begins with four hexadecimal digits. */
    static InputStream plain(InputStream body) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(body, 64 * 1024);
        buffered.mark(2);
        boolean compressed = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
        buffered.reset();
        return compressed ? new GZIPInputStream(buffered, 64 * 1024) : buffered;
    }
}
