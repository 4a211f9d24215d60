package dev.slipway.workspace.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of git's list of changed files.
 *
 * @param letter git's letter for what happened
 * @param oldPath where it was, if it was renamed
 */
record Change(char letter, String path, @Nullable String oldPath) {
    /** {@code :mode mode object object status NUL path NUL [new path NUL]}, as many as there are; those beyond the limit are dropped. */
    static List<Change> read(Bytes in, int limit) throws IOException {
        List<Change> changes = new ArrayList<>();
        while (in.peek() == ':') {
            String head = in.field();
            char letter = head.charAt(head.lastIndexOf(' ') + 1);
            boolean moved = letter == 'R' || letter == 'C';
            String first = in.field();
            String path = moved ? in.field() : first;
            // An unmerged file is listed once more, with what was done to it.
            if (letter != 'U' && changes.size() <= limit) {
                changes.add(new Change(letter, path, letter == 'R' ? first : null));
            }
        }
        return changes;
    }

    /** What happened, as clients know it. */
    String word() {
        return switch (letter) {
            case 'A', 'C' -> "added";
            case 'D' -> "deleted";
            case 'R' -> "renamed";
            default -> "modified";
        };
    }

    /** Whether git prints it as a removal and an addition: a file that became a link, or the like. */
    boolean isTwofold() {
        return letter == 'T';
    }
}
