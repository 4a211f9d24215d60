package dev.slipway.workspace.diff;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Splits git's output of many patches by files, which come in the order of the list. A line of a file's content never begins a
 * file's patch: it has a sign before it.
 */
final class Patches {
    private static final byte[] BEGIN = "diff --git ".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final int patchMax;
    private int left;
    private byte[] line;

    Patches(InputStream in, int patchMax, int patchesMax) throws IOException {
        this.in = new BufferedInputStream(in, 64 * 1024);
        this.patchMax = patchMax;
        this.left = patchesMax;
        this.line = readLine();
    }

    /** The file with its patch. A change of type is two patches, a removal and an addition. */
    FileDiff next(FileDiff file) throws IOException {
        ByteArrayOutputStream patch = new ByteArrayOutputStream();
        boolean tooLarge = false;
        boolean begun = false;
        while (line.length > 0) {
            if (begins() && begun && !isSecondHalf(file)) {
                break;
            }
            begun = true;
            if (patch.size() + line.length > Math.min(patchMax, left)) {
                tooLarge = true;
            }
            if (!tooLarge) {
                patch.write(line);
            }
            line = readLine();
        }
        if (tooLarge) {
            return file.with(null, "the patch is too large for this answer; ask for this path alone");
        }
        left -= patch.size();
        return file.with(patch.toString(StandardCharsets.UTF_8), null);
    }

    private boolean begins() {
        return java.util.Arrays.mismatch(line, BEGIN) == BEGIN.length;
    }

    private boolean isSecondHalf(FileDiff file) {
        String head = new String(line, StandardCharsets.UTF_8);
        return file.status().equals("modified")
                && head.equals("diff --git a/" + file.path() + " b/" + file.path() + "\n");
    }

    /** A line with its end, its beginning if it is longer than a patch may be; empty at the end. */
    private byte[] readLine() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream(128);
        int next;
        while ((next = in.read()) >= 0) {
            if (read.size() <= patchMax) {
                read.write(next);
            }
            if (next == '\n') {
                break;
            }
        }
        return read.toByteArray();
    }
}
