package dev.slipway.kit.problem;

import io.micronaut.http.HttpStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a request with a problem. The detail says what was found and what to do about it, and never holds a secret. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String kind;
    private final transient List<Problem.FieldError> errors;
    private final @Nullable Duration retryAfter;

    private ProblemException(
            HttpStatus status,
            String kind,
            String detail,
            List<Problem.FieldError> errors,
            @Nullable Duration retryAfter) {
        super(detail);
        this.status = status;
        this.kind = kind;
        this.errors = List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    /** A problem of this kind, a short name in kebab case that becomes the last part of {@code type}. */
    public static ProblemException of(HttpStatus status, String kind, String detail) {
        return new ProblemException(status, kind, detail, List.of(), null);
    }

    /** 400: a field of the request is malformed. */
    public static ProblemException invalid(String field, String detail) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "invalid-request",
                field + ": " + detail,
                List.of(new Problem.FieldError(field, detail)),
                null);
    }

    /** 422: well formed, yet it makes no sense. */
    public static ProblemException unprocessable(String field, String detail) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_ENTITY,
                "unprocessable",
                field + ": " + detail,
                List.of(new Problem.FieldError(field, detail)),
                null);
    }

    /** 404: unknown, or not the caller's; the same answer for both. */
    public static ProblemException notFound(String what) {
        return of(HttpStatus.NOT_FOUND, "not-found", "There is no such " + what + ", or it is not yours.");
    }

    /** 409: in conflict with the present state. */
    public static ProblemException conflict(String kind, String detail) {
        return of(HttpStatus.CONFLICT, kind, detail);
    }

    /** 403: a member whose role is too low. */
    public static ProblemException forbidden(String detail) {
        return of(HttpStatus.FORBIDDEN, "forbidden", detail);
    }

    /** 503 with {@code Retry-After}: something is still starting. */
    public static ProblemException starting(String detail, Duration retryAfter) {
        return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "starting", detail, List.of(), retryAfter);
    }

    /** 429 with {@code Retry-After}: asked too often. */
    public static ProblemException tooMany(String detail, Duration retryAfter) {
        return new ProblemException(
                HttpStatus.TOO_MANY_REQUESTS,
                "too-many",
                detail + " Wait " + Math.max(1, retryAfter.toSeconds()) + " s.",
                List.of(),
                retryAfter);
    }

    /** The HTTP status. */
    public HttpStatus status() {
        return status;
    }

    /** The short name of the problem's type. */
    public String kind() {
        return kind;
    }

    /** The fields at fault. */
    public List<Problem.FieldError> errors() {
        return errors;
    }

    /** When to try again, if that helps. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
