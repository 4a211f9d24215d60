package dev.slipway.kit.http;

import dev.slipway.kit.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Another service answered with an error. */
public final class UpstreamProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient @Nullable Problem problem;

    UpstreamProblemException(String service, int status, @Nullable Problem problem) {
        super(service + " answered " + status + (problem == null ? "" : ": " + problem.detail()));
        this.status = status;
        this.problem = problem;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problem in its body, if there was one. */
    public @Nullable Problem problem() {
        return problem;
    }
}
