package dev.slipway.workspace.operations;

import dev.slipway.workspace.operations.StatusView.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code git status --porcelain=v2 --branch -z}. */
final class Status {
    static final int ENTRIES_MAX = 10_000;
    private static final int SHORT = 7;

    private @Nullable String branch;
    private @Nullable String commit;
    private int ahead;
    private int behind;
    private boolean conflicts;
    private boolean truncated;
    private final List<Change> staged = new ArrayList<>();
    private final List<Change> unstaged = new ArrayList<>();
    private final List<String> untracked = new ArrayList<>();

    private Status() {}

    static StatusView read(List<String> fields) {
        Status status = new Status();
        for (int at = 0; at < fields.size(); at++) {
            String field = fields.get(at);
            switch (field.charAt(0)) {
                case '#' -> status.header(field);
                case '1' -> status.change(field.substring(2, 4), last(field, 9), null);
                case '2' -> status.change(field.substring(2, 4), last(field, 10), fields.get(++at));
                case 'u' -> status.conflict(last(field, 11));
                case '?' -> status.add(status.untracked, field.substring(2));
                default -> throw new IllegalStateException("git status: unexpected entry " + field.charAt(0));
            }
        }
        return status.view();
    }

    private void header(String line) {
        String[] words = line.split(" ", 4);
        switch (words[1]) {
            case "branch.oid" -> commit = words[2].startsWith("(") ? null : words[2];
            case "branch.head" -> branch = words[2].startsWith("(") ? null : words[2];
            case "branch.ab" -> {
                ahead = Integer.parseInt(words[2].substring(1));
                behind = Integer.parseInt(words[3].substring(1));
            }
            default -> {
                // Git may add headers; those we do not know do not matter.
            }
        }
    }

    private void change(String codes, String path, @Nullable String oldPath) {
        if (codes.charAt(0) != '.') {
            add(staged, new Change(path, word(codes.charAt(0)), codes.charAt(0) == 'R' ? oldPath : null));
        }
        if (codes.charAt(1) != '.') {
            add(unstaged, new Change(path, word(codes.charAt(1)), codes.charAt(1) == 'R' ? oldPath : null));
        }
    }

    private void conflict(String path) {
        conflicts = true;
        add(unstaged, new Change(path, "conflicted", null));
    }

    private <T> void add(List<T> list, T entry) {
        if (list.size() < ENTRIES_MAX) {
            list.add(entry);
        } else {
            truncated = true;
        }
    }

    private StatusView view() {
        @Nullable String whole = commit;
        return new StatusView(
                branch,
                whole,
                whole == null ? null : whole.substring(0, SHORT),
                ahead,
                behind,
                staged,
                unstaged,
                untracked,
                staged.isEmpty() && unstaged.isEmpty() && untracked.isEmpty(),
                conflicts,
                truncated);
    }

    /** The last of so many words: a path, which may have blanks. */
    private static String last(String field, int words) {
        return field.split(" ", words)[words - 1];
    }

    private static String word(char code) {
        return switch (code) {
            case 'A' -> "added";
            case 'D' -> "deleted";
            case 'R' -> "renamed";
            case 'C' -> "copied";
            default -> "modified";
        };
    }
}
