package dev.slipway.kit.http;

import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Another service is away: 503, and when to try again. */
@Singleton
@Produces(Problem.MEDIA_TYPE)
final class UpstreamUnavailableHandler implements ExceptionHandler<UpstreamUnavailableException, HttpResponse<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamUnavailableHandler.class);

    private final ExceptionHandler<ProblemException, HttpResponse<?>> problems;

    UpstreamUnavailableHandler(ExceptionHandler<ProblemException, HttpResponse<?>> problems) {
        this.problems = problems;
    }

    @SuppressWarnings("rawtypes") // as the interface has it
    @Override
    public HttpResponse<?> handle(HttpRequest request, UpstreamUnavailableException thrown) {
        LOG.atWarn().addKeyValue("reason", String.valueOf(thrown.getCause())).log(String.valueOf(thrown.getMessage()));
        return problems.handle(
                request,
                ProblemException.starting(
                        "A part of Slipway is starting or away. Try again in a moment.", Duration.ofSeconds(2)));
    }
}
