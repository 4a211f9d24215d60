package dev.slipway.agent.http;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The framings of a message body (RFC 9112, sections 6 and 7). */
final class BodyStreams {
    private static final int CHUNK_LINE_MAX = 256;

    private BodyStreams() {}

    /** A body of known length. */
    static InputStream ofLength(InputStream in, long length) {
        return new InputStream() {
            private long left = length;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int got = in.read(target, offset, (int) Math.min(count, left));
                if (got < 0) {
                    throw new IOException("request body: ended " + left + " bytes early");
                }
                left -= got;
                return got;
            }
        };
    }

    /** A chunked body; trailers are read and dropped. */
    static InputStream chunked(InputStream in) {
        return new InputStream() {
            private long left;
            private boolean first = true;
            private boolean done;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                if (left == 0 && !done) {
                    nextChunk();
                }
                if (done) {
                    return -1;
                }
                int got = in.read(target, offset, (int) Math.min(count, left));
                if (got < 0) {
                    throw new IOException("request body: ended within a chunk");
                }
                left -= got;
                return got;
            }

            private void nextChunk() throws IOException {
                if (!first && !line(in, CHUNK_LINE_MAX).isEmpty()) {
                    throw Problem.of(400, "A chunk of the body is longer than it said.");
                }
                first = false;
                String size = line(in, CHUNK_LINE_MAX);
                int extension = size.indexOf(';');
                String hex = (extension < 0 ? size : size.substring(0, extension)).strip();
                if (!hex.matches("[0-9a-fA-F]{1,8}")) {
                    throw Problem.of(400, "A chunk of the body has no size.");
                }
                left = Long.parseLong(hex, 16);
                if (left == 0) {
                    done = true;
                    String trailer;
                    do {
                        trailer = line(in, CHUNK_LINE_MAX);
                    } while (!trailer.isEmpty());
                }
            }
        };
    }

    /**
     * Reads up to a line feed; a carriage return before it is dropped.
     *
     * @param max longer is a 431
     */
    static String line(InputStream in, int max) throws IOException {
        StringBuilder line = new StringBuilder();
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new IOException("request: ended within a line");
            }
            if (line.length() >= max) {
                throw Problem.of(431, "A line of the request's head is longer than " + max + " bytes.");
            }
            line.append((char) next);
        }
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        return line.toString();
    }

    /** Sends what is written in chunks, at the latest when flushed; closing sends the last one and leaves {@code out} open. */
    static OutputStream chunkedOutput(OutputStream out) {
        return new BufferedOutputStream(new ChunkWriter(out), 16 * 1024);
    }

    private static final class ChunkWriter extends FilterOutputStream {
        private boolean closed;

        private ChunkWriter(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (length > 0) {
                byte[] head = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                byte[] chunk = new byte[head.length + length + 2];
                System.arraycopy(head, 0, chunk, 0, head.length);
                System.arraycopy(source, offset, chunk, head.length, length);
                chunk[chunk.length - 2] = '\r';
                chunk[chunk.length - 1] = '\n';
                out.write(chunk);
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }
}
