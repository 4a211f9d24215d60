package dev.slipway.container.agent;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112, section 7.1). Gives what has come without waiting for more. */
final class ChunkedBody extends InputStream {
    private final InputStream in;
    private long left;
    private boolean inChunk;
    private boolean ended;

    ChunkedBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the agent broke off within a chunk");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (ended) {
            return;
        }
        if (inChunk && !AgentHead.line(in).isEmpty()) {
            throw new IOException("a chunk does not end where it says");
        }
        String size = AgentHead.line(in);
        int extension = size.indexOf(';');
        String digits = (extension < 0 ? size : size.substring(0, extension)).strip();
        if (!digits.matches("[0-9a-fA-F]{1,8}")) {
            throw new IOException("a chunk's size is malformed");
        }
        left = Long.parseLong(digits, 16);
        inChunk = true;
        if (left == 0) {
            ended = true;
            // Trailers are of no use to anybody here.
            String trailer = AgentHead.line(in);
            while (!trailer.isEmpty()) {
                trailer = AgentHead.line(in);
            }
        }
    }
}
