package dev.slipway.container.terminal;

import dev.slipway.container.upgrade.UpgradeRequest;
import dev.slipway.kit.problem.ProblemException;
import java.util.OptionalLong;

/**
 * What a viewer wants to see.
 *
 * @param since the position that he has seen; empty for a new viewer
 * @param binary whether output comes as binary frames
 */
record TerminalView(String project, String session, int rows, int columns, OptionalLong since, boolean binary) {
    private static final int SIZE_MAX = 1000;

    static TerminalView of(UpgradeRequest request) {
        String since = request.parameter("since").orElse("");
        if (!since.matches("[0-9]{0,18}")) {
            throw ProblemException.invalid("since", since + " (expected: the seq of a frame)");
        }
        return new TerminalView(
                request.path().group(1),
                request.path().group(2),
                size(request, "rows", 24),
                size(request, "cols", 80),
                since.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(since)),
                request.parameter("binary").filter("true"::equals).isPresent());
    }

    /** Whether a screen may be so large. */
    static boolean isSize(int value) {
        return value > 0 && value <= SIZE_MAX;
    }

    private static int size(UpgradeRequest request, String name, int otherwise) {
        String text = request.parameter(name).orElse(Integer.toString(otherwise));
        if (!text.matches("[0-9]{1,4}") || !isSize(Integer.parseInt(text))) {
            throw ProblemException.invalid(name, text + " (expected: 1 to " + SIZE_MAX + ")");
        }
        return Integer.parseInt(text);
    }
}
