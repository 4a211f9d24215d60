package dev.slipway.workspace.git;

import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** A cursor of a list that is counted off: how many to leave out. */
public final class Skip {
    private static final int MAX = 1_000_000;

    private Skip() {}

    /** What the cursor stands for; 0 for the first page, 400 if it is none of ours. */
    public static int of(@Nullable String cursor) {
        String position = Paging.position(cursor);
        if (position == null) {
            return 0;
        }
        if (!position.matches("[0-9]{1,7}") || Integer.parseInt(position) > MAX) {
            throw ProblemException.invalid(
                    "cursor", "not a cursor of this list (expected: nextCursor of the page before)");
        }
        return Integer.parseInt(position);
    }
}
