package dev.slipway.kit.inbox;

/** The data of an event is not what its type promises; trying again does not help. */
final class UnreadableEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
