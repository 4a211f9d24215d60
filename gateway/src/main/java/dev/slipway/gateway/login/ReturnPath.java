package dev.slipway.gateway.login;

import dev.slipway.kit.problem.ProblemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a browser goes after a login: a path of ours and never another site. */
final class ReturnPath {
    private static final int LENGTH_MAX = 500;

    /** One slash and not two, and no backslash, which browsers take for a slash. */
    private static final Pattern SAFE = Pattern.compile("/(?![/\\\\])[!-~&&[^\\\\]]*");

    private ReturnPath() {}

    /** The path, or the start page if none is named; 400 for whatever could lead away. */
    static String checked(@Nullable String wanted) {
        if (wanted == null || wanted.isEmpty()) {
            return "/";
        }
        if (wanted.length() > LENGTH_MAX || !SAFE.matcher(wanted).matches()) {
            throw ProblemException.invalid("returnTo", "not a path of this site (expected: like /projects/p)");
        }
        return wanted;
    }
}
