package dev.slipway.workspace.git;

import dev.slipway.kit.problem.ProblemException;
import java.util.Arrays;

/** The name of a branch, by the rules of {@code git check-ref-format --branch} and 200 characters at most. */
public record BranchName(String text) {
    private static final int LENGTH_MAX = 200;
    private static final String FORBIDDEN = " ~^:?*[\\";

    public BranchName {
        if (!isWellFormed(text)) {
            throw ProblemException.invalid(
                    "branch", "\"" + TreePath.shown(text) + "\" (expected: a branch name as git has them)");
        }
    }

    /** The branch of a session. */
    public static BranchName ofSession(String sessionId) {
        return new BranchName("slipway/" + sessionId);
    }

    /** The whole name of the reference. */
    public String reference() {
        return "refs/heads/" + text;
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean isWellFormed(String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX || text.equals("HEAD") || text.equals("@")) {
            return false;
        }
        if (text.startsWith("-") || text.endsWith(".") || text.contains("..") || text.contains("@{")) {
            return false;
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) || FORBIDDEN.indexOf(c) >= 0)) {
            return false;
        }
        return Arrays.stream(text.split("/", -1))
                .noneMatch(part -> part.isEmpty() || part.startsWith(".") || part.endsWith(".lock"));
    }
}
