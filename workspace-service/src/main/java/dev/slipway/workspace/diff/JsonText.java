package dev.slipway.workspace.diff;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON in the making, UTF-8. */
final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_ESCAPE = 6;

    private byte[] out = new byte[64 * 1024];
    private int size;

    /** What is JSON already. */
    void raw(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
    }

    /** A part of a string's content. */
    void text(String text) {
        escape(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A part of a string's content; bytes that are not UTF-8 become the replacement character. */
    void text(byte[] bytes) {
        for (byte one : bytes) {
            if (one < 0) {
                text(new String(bytes, StandardCharsets.UTF_8));
                return;
            }
        }
        escape(bytes);
    }

    int size() {
        return size;
    }

    byte[] bytes() {
        return Arrays.copyOf(out, size);
    }

    void reset() {
        size = 0;
    }

    /** RFC 8259, section 7. */
    private void escape(byte[] bytes) {
        reserve(bytes.length * LONGEST_ESCAPE);
        for (byte one : bytes) {
            if (one == '"' || one == '\\') {
                out[size++] = '\\';
                out[size++] = one;
            } else if (one < 0 || one >= ' ') {
                out[size++] = one;
            } else if (one == '\n' || one == '\t') {
                out[size++] = '\\';
                out[size++] = (byte) (one == '\n' ? 'n' : 't');
            } else {
                out[size++] = '\\';
                out[size++] = 'u';
                out[size++] = '0';
                out[size++] = '0';
                out[size++] = HEX[one >> 4];
                out[size++] = HEX[one & 15];
            }
        }
    }

    private void reserve(int more) {
        if (size + more > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, size + more));
        }
    }
}
