package dev.slipway.workspace.result;

import dev.slipway.kit.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** A file's patch in pieces: its head, and hunks that begin with {@code @@}. Works on bytes, since files are in any encoding. */
final class Hunks {
    private Hunks() {}

    /** The patch with these hunks only, by their numbers from 0. */
    static byte[] choose(byte[] patch, List<Integer> numbers) {
        List<byte[]> pieces = split(patch);
        int count = pieces.size() - 1;
        for (int number : numbers) {
            if (number < 0 || number >= count) {
                throw ProblemException.unprocessable(
                        "select", "hunk " + number + " (expected: 0 to " + (count - 1) + "; read the diff again)");
            }
        }
        HashSet<Integer> chosen = new HashSet<>(numbers);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(patch.length);
        kept.writeBytes(pieces.getFirst());
        for (int index = 0; index < count; index++) {
            if (chosen.contains(index)) {
                kept.writeBytes(pieces.get(index + 1));
            }
        }
        return kept.toByteArray();
    }

    /** The head and the hunks. Within a hunk each line has a sign before it, so {@code @@} at its begin is a new one. */
    static List<byte[]> split(byte[] patch) {
        List<byte[]> pieces = new ArrayList<>();
        int start = 0;
        for (int at = 0; at + 1 < patch.length; at++) {
            boolean atLineStart = at > 0 && patch[at - 1] == '\n';
            if (atLineStart && patch[at] == '@' && patch[at + 1] == '@') {
                pieces.add(java.util.Arrays.copyOfRange(patch, start, at));
                start = at;
            }
        }
        pieces.add(java.util.Arrays.copyOfRange(patch, start, patch.length));
        return pieces;
    }
}
