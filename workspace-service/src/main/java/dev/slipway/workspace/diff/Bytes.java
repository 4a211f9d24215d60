package dev.slipway.workspace.diff;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads git's output in fields that end with NUL and in lines, with a buffer of fixed size however long they are. */
final class Bytes {
    private static final int BUFFER = 64 * 1024;
    private static final int FIELD_MAX = 16 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    Bytes(InputStream in) {
        this.in = in;
    }

    /** The next byte without taking it; -1 at the end. */
    int peek() throws IOException {
        return position < limit || fill() ? buffer[position] & 0xff : -1;
    }

    /** A field without its NUL; empty at the end. */
    String field() throws IOException {
        byte[] bytes = new byte[256];
        int length = 0;
        int next;
        while ((next = take()) > 0) {
            if (length == bytes.length) {
                if (length >= FIELD_MAX) {
                    throw new IOException("a field of git's output is longer than " + FIELD_MAX + " bytes");
                }
                bytes = Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = (byte) next;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** A line with its end, or a part of one that is longer than the buffer; empty at the end. A character is never cut. */
    byte[] piece() throws IOException {
        if (peek() < 0) {
            return new byte[0];
        }
        int end = lineEnd(position);
        while (end < 0 && limit - position < BUFFER) {
            compact();
            int before = limit;
            if (!more()) {
                break;
            }
            end = lineEnd(before);
        }
        int until = end >= 0 ? end + 1 : limit;
        if (end < 0 && until - position == BUFFER) {
            while (until > position + 1 && (buffer[until - 1] & 0xc0) == 0x80) {
                until--;
            }
            until = (buffer[until - 1] & 0x80) == 0 ? until : until - 1;
            // Only continuations: no text at all, so it does not matter where it is cut.
            until = until == position ? limit : until;
        }
        byte[] piece = Arrays.copyOfRange(buffer, position, until);
        position = until;
        return piece;
    }

    private int lineEnd(int from) {
        for (int at = from; at < limit; at++) {
            if (buffer[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private int take() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        return more();
    }

    private void compact() {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
    }

    private boolean more() throws IOException {
        int read = in.read(buffer, limit, BUFFER - limit);
        limit += Math.max(read, 0);
        return read > 0;
    }
}
