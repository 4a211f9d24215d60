package dev.slipway.workspace.git;

/** A git command failed, took too long or said more than it may. The message holds what git said, shortened. */
public final class GitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exit;

    /** A command that ended badly. */
    public GitException(String message, int exit) {
        super(message);
        this.exit = exit;
    }

    /** A command that could not be run to its end. */
    public GitException(String message, Throwable cause) {
        super(message, cause);
        this.exit = -1;
    }

    /** Git's exit status; -1 if it did not come to one. */
    public int exit() {
        return exit;
    }
}
