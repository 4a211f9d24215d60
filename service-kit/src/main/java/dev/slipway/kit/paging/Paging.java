package dev.slipway.kit.paging;

import dev.slipway.kit.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules of lists: {@code limit} 1 to 200, 50 by default, and an opaque {@code cursor}. */
public final class Paging {
    /** What a page holds if nobody says. */
    public static final int LIMIT_DEFAULT = 50;

    /** What a page holds at most. */
    public static final int LIMIT_MAX = 200;

    private Paging() {}

    /** The limit to use; 400 if it is out of range. */
    public static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return LIMIT_DEFAULT;
        }
        if (asked < 1 || asked > LIMIT_MAX) {
            throw ProblemException.invalid("limit", asked + " (expected: 1 to " + LIMIT_MAX + ")");
        }
        return asked;
    }

    /** What a cursor stands for; null for the first page, 400 if it is not one of ours. */
    public static @Nullable String position(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw ProblemException.invalid(
                    "cursor", "not a cursor of this list (expected: nextCursor of the page before)");
        }
    }

    /** The cursor that continues after a position. */
    public static String cursor(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Makes a page of rows that were read with {@code limit + 1}: the extra one says that there is more.
     *
     * @param position what the cursor of the next page stands for, taken from the last row of this one
     */
    public static <T> Page<T> page(List<T> rows, int limit, Function<T, String> position) {
        if (rows.size() <= limit) {
            return new Page<>(List.copyOf(rows), null);
        }
        List<T> shown = List.copyOf(rows.subList(0, limit));
        return new Page<>(shown, cursor(position.apply(shown.getLast())));
    }

    /** A page of a list. */
    public record Page<T>(List<T> items, @Nullable String nextCursor) {}
}
