package dev.slipway.cli;

/** A command that could not be done; the message is a sentence for the person at the terminal. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The server refused. */
    static final int REFUSED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** The server cannot be reached. */
    static final int UNREACHABLE = 3;
    /** The agent's turn ended in an error. */
    static final int TURN_FAILED = 4;

    private final int exitCode;

    Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
