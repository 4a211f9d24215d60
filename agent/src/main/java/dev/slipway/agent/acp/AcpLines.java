package dev.slipway.agent.acp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into lines of bytes; a line beyond the limit is dropped whole, so that what follows it is still understood. */
final class AcpLines {
    private final InputStream in;
    private final int bytesMax;
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private int scanned;
    private boolean dropping;

    AcpLines(InputStream in, int bytesMax) {
        this.in = in;
        this.bytesMax = bytesMax;
    }

    /** @return the next line without its end, an empty array for one that was too long, null at the end of the stream */
    byte @Nullable [] next() throws IOException {
        while (true) {
            for (int i = scanned; i < end; i++) {
                if (buffer[i] == '\n') {
                    byte[] line = dropping ? new byte[0] : Arrays.copyOfRange(buffer, start, i);
                    dropping = false;
                    start = i + 1;
                    scanned = start;
                    return line;
                }
            }
            scanned = end;
            if (dropping || end - start > bytesMax) {
                dropping = true;
                start = end;
            }
            makeRoom();
            int count = in.read(buffer, end, buffer.length - end);
            if (count < 0) {
                return null;
            }
            end += count;
        }
    }

    private void makeRoom() {
        if (start == end) {
            // A buffer that one huge line has widened is not kept for the small ones.
            if (buffer.length > 1 << 20) {
                buffer = new byte[16 * 1024];
            }
            start = 0;
            end = 0;
            scanned = 0;
        } else if (end == buffer.length) {
            byte[] target = end - start > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
            System.arraycopy(buffer, start, target, 0, end - start);
            end -= start;
            scanned -= start;
            start = 0;
            buffer = target;
        }
    }
}
