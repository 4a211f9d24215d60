package dev.slipway.kit.problem;

import dev.slipway.kit.telemetry.RequestIds;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Answers with what a {@link ProblemException} says. */
@Singleton
@Produces(Problem.MEDIA_TYPE)
final class ProblemExceptionHandler implements ExceptionHandler<ProblemException, HttpResponse<?>> {
    @SuppressWarnings("rawtypes") // as the interface has it
    @Override
    public HttpResponse<?> handle(HttpRequest request, ProblemException thrown) {
        MutableHttpResponse<?> response = HttpResponse.status(thrown.status());
        Duration retryAfter = thrown.retryAfter();
        if (retryAfter != null) {
            response.header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        HttpRequest<?> typed = request;
        return Problems.write(typed, response, Problems.of(thrown, RequestIds.of(typed)));
    }
}
