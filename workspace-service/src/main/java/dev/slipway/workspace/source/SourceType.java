package dev.slipway.workspace.source;

import dev.slipway.kit.problem.ProblemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a workspace's code comes from. */
public enum SourceType {
    /** A folder of this machine, used in place. */
    LOCAL,
    /** An address, cloned. */
    GIT;

    /** The type of this name; guessed from the path when nothing is said. */
    public static SourceType of(@Nullable String wireName, String path) {
        if (wireName == null) {
            return path.contains("://") || path.matches("[^/]+@[^/]+:.*") ? GIT : LOCAL;
        }
        return switch (wireName) {
            case "local" -> LOCAL;
            case "git" -> GIT;
            default -> throw ProblemException.invalid("sourceType", "not a source type (expected: local or git)");
        };
    }

    /** The name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
