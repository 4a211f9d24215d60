package dev.slipway.workspace.git;

import dev.slipway.kit.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A file or folder in a tree, named from the tree's root with slashes. It cannot leave the tree and cannot name the repository's
 * own folder; the root itself is the empty text.
 */
public record TreePath(String text) {
    /** The root of the tree. */
    public static final TreePath ROOT = new TreePath("");

    private static final int LENGTH_MAX = 4_096;
    private static final int SHOWN_MAX = 80;

    public TreePath {
        check("path", text);
    }

    /** The path, or 400 that names the field. A single dot is the root, a slash at the end is dropped. */
    public static TreePath of(String field, String text) {
        String trimmed = text.endsWith("/") && text.length() > 1 ? text.substring(0, text.length() - 1) : text;
        String plain = trimmed.startsWith("./") ? trimmed.substring(2) : trimmed;
        if (plain.equals(".")) {
            return ROOT;
        }
        if (plain.isEmpty()) {
            throw ProblemException.invalid(field, "empty (expected: a path in the workspace)");
        }
        check(field, plain);
        return new TreePath(plain);
    }

    /** The paths, at most 10,000 of them. */
    public static List<TreePath> all(String field, List<String> texts) {
        if (texts.size() > 10_000) {
            throw ProblemException.invalid(field, texts.size() + " paths (expected: at most 10000)");
        }
        return texts.stream().map(text -> of(field, text)).toList();
    }

    /** For a command's arguments: the root is a dot. */
    public String argument() {
        return text.isEmpty() ? "." : text;
    }

    /** The last part. */
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    private static void check(String field, String text) {
        if (text.length() > LENGTH_MAX) {
            throw ProblemException.invalid(field, text.length() + " characters (expected: at most " + LENGTH_MAX + ")");
        }
        boolean odd = text.chars().anyMatch(Character::isISOControl)
                || (!text.isEmpty() && Arrays.stream(text.split("/", -1)).anyMatch(TreePath::isForbidden));
        if (odd) {
            throw ProblemException.invalid(
                    field,
                    "\"" + shown(text) + "\" (expected: a path in the workspace, relative, without .. and .git)");
        }
    }

    private static boolean isForbidden(String part) {
        return part.isEmpty()
                || part.equals(".")
                || part.equals("..")
                || part.toLowerCase(Locale.ROOT).equals(".git");
    }

    /** A caller's text for a message: on one line and not too long. */
    static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= SHOWN_MAX ? clean : clean.substring(0, SHOWN_MAX) + "…";
    }
}
