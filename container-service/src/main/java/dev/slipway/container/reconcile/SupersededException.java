package dev.slipway.container.reconcile;

/** A newer wish has come; the work for this one ends here, and the queue brings the newer. */
final class SupersededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SupersededException(String sessionId, long generation) {
        super("sandbox of " + sessionId + ": generation " + generation + " is superseded", null, false, false);
    }
}
