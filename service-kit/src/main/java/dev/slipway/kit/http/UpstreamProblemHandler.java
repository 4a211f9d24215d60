package dev.slipway.kit.http;

import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.net.URI;

/** Passes on what another service said of the client's fault; anything else of it is a bad gateway. */
@Singleton
@Produces(Problem.MEDIA_TYPE)
final class UpstreamProblemHandler implements ExceptionHandler<UpstreamProblemException, HttpResponse<?>> {
    private final ExceptionHandler<ProblemException, HttpResponse<?>> problems;

    UpstreamProblemHandler(ExceptionHandler<ProblemException, HttpResponse<?>> problems) {
        this.problems = problems;
    }

    @SuppressWarnings("rawtypes") // as the interface has it
    @Override
    public HttpResponse<?> handle(HttpRequest request, UpstreamProblemException thrown) {
        return problems.handle(request, translate(thrown));
    }

    private static ProblemException translate(UpstreamProblemException thrown) {
        Problem problem = thrown.problem();
        boolean theClients = thrown.status() != 401 && thrown.status() < 500;
        if (problem == null || !theClients) {
            return ProblemException.of(
                    HttpStatus.BAD_GATEWAY,
                    "bad-gateway",
                    "A part of Slipway failed to answer. Try again in a moment.");
        }
        String path = URI.create(problem.type()).getPath();
        return ProblemException.of(
                HttpStatus.valueOf(thrown.status()), path.substring(path.lastIndexOf('/') + 1), problem.detail());
    }
}
