package dev.slipway.workspace.git;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a git command left. */
public final class GitOutput {
    private final int exit;
    private final byte[] bytes;
    private final boolean cut;
    private final String error;

    GitOutput(int exit, byte[] bytes, boolean cut, String error) {
        this.exit = exit;
        this.bytes = bytes;
        this.cut = cut;
        this.error = error;
    }

    /** Its exit status. */
    public int exit() {
        return exit;
    }

    /** What it wrote to its output, not more than the command's limit. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether it wrote more than the limit. */
    public boolean cut() {
        return cut;
    }

    /** The end of what it wrote to its error output. */
    public String error() {
        return error;
    }

    /** Whether the command succeeded. */
    public boolean ok() {
        return exit == 0;
    }

    /** The output as text; bytes that are not UTF-8 become the replacement character. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The output as one line. */
    public String line() {
        return text().strip();
    }

    /** The fields of an output that separates them by NUL, the last one ended by it too. */
    public List<String> fields() {
        List<String> fields = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == 0) {
                fields.add(new String(bytes, start, at - start, StandardCharsets.UTF_8));
                start = at + 1;
            }
        }
        if (start < bytes.length) {
            fields.add(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8));
        }
        return fields;
    }
}
