package dev.slipway.kit.problem;

import dev.slipway.kit.telemetry.RequestIds;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes problem bodies; the one place that knows their URIs. */
public final class Problems {
    private static final String BASE = "https://slipway.dev/problems/";

    private Problems() {}

    /** The body for a thrown problem. */
    public static Problem of(ProblemException thrown, @Nullable String requestId) {
        return problem(thrown.status(), thrown.kind(), String.valueOf(thrown.getMessage()), thrown.errors(), requestId);
    }

    /** A body of this kind. */
    public static Problem problem(
            HttpStatus status,
            String kind,
            String detail,
            List<Problem.FieldError> errors,
            @Nullable String requestId) {
        return new Problem(BASE + kind, title(status), status.getCode(), detail, requestId, errors, detail);
    }

    /** The kind that a bare status stands for, for example {@code not-found}. */
    static String kindOf(HttpStatus status) {
        return status.getReason().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
    }

    static <B> MutableHttpResponse<B> write(HttpRequest<?> request, MutableHttpResponse<?> response, Problem problem) {
        @SuppressWarnings("unchecked")
        MutableHttpResponse<B> typed = (MutableHttpResponse<B>) response.body(problem);
        return typed.contentType(MediaType.of(Problem.MEDIA_TYPE)).header(RequestIds.HEADER, RequestIds.of(request));
    }

    private static String title(HttpStatus status) {
        return status.getReason();
    }
}
