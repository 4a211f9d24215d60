package dev.slipway.workspace.result;

import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** A cursor of a list that is counted off: how many to leave out. */
final class Skip {
    private static final int MAX = 1_000_000;

    private Skip() {}

    static int of(@Nullable String cursor) {
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
