package dev.slipway.workspace.diff;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** JSON in the making, UTF-8. */
final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);

    /** What is JSON already. */
    void raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A part of a string's content (RFC 8259, section 7). */
    void text(String text) {
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            switch (one) {
                case '"', '\\' -> {
                    out.write('\\');
                    out.write(one);
                }
                case '\n' -> {
                    out.write('\\');
                    out.write('n');
                }
                case '\t' -> {
                    out.write('\\');
                    out.write('t');
                }
                default -> {
                    if (one >= 0 && one < ' ') {
                        out.writeBytes("\\u00".getBytes(StandardCharsets.US_ASCII));
                        out.write(HEX[one >> 4]);
                        out.write(HEX[one & 15]);
                    } else {
                        out.write(one);
                    }
                }
            }
        }
    }

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    void reset() {
        out.reset();
    }
}
