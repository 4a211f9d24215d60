package dev.slipway.container.preview;

import dev.slipway.kit.problem.ProblemException;

/** The port in a path. */
final class PreviewPort {
    private PreviewPort() {}

    /** The number; 400 if it is none. */
    static int of(String text) {
        int number = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > 65_535) {
            throw ProblemException.invalid("port", text + " (expected: 1 to 65535)");
        }
        return number;
    }
}
