package dev.slipway.workspace.git;

import dev.slipway.kit.problem.ProblemException;

/**
 * What a caller names a commit by: a branch, a tag, an id, {@code HEAD~3}. It cannot be an option, a range, a path in a tree or a
 * search, whatever the command is that it is given to.
 */
public record Revision(String text) {
    /** The commit that is checked out. */
    public static final Revision HEAD = new Revision("HEAD");

    private static final int LENGTH_MAX = 250;
    private static final String FORBIDDEN = " :?*[\\";

    public Revision {
        check("ref", text);
    }

    /** The revision, or 400 that names the field. */
    public static Revision of(String field, String text) {
        check(field, text);
        return new Revision(text);
    }

    private static void check(String field, String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            throw ProblemException.invalid(
                    field, text.length() + " characters (expected: 1 to " + LENGTH_MAX + ", a branch, tag or commit)");
        }
        boolean odd = text.startsWith("-")
                || text.startsWith("^")
                || text.contains("..")
                || text.contains("@{")
                || text.chars().anyMatch(c -> Character.isISOControl(c) || FORBIDDEN.indexOf(c) >= 0);
        if (odd) {
            throw ProblemException.invalid(
                    field, "\"" + TreePath.shown(text) + "\" (expected: the name of a branch, a tag or a commit)");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
