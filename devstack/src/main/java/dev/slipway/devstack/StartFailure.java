package dev.slipway.devstack;

/**
 * A start that did not work, for a person: the message is a sentence about what is wrong and, after a line break, what to
 * do about it. Shown without a stack trace; the cause is in the launcher's log.
 */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
