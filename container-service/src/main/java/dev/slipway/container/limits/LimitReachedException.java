package dev.slipway.container.limits;

/** A project's limit leaves no room for another sandbox; the message names it, and says what to do. */
public final class LimitReachedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LimitReachedException(String limit, String allowed, String used, String wanted) {
        super("The project's limit of " + limit + " is reached: " + allowed + " allowed, " + used
                + " used by its other running sessions, " + wanted
                + " wanted by this one. Stop a session, or ask an owner of the project for more.");
    }
}
