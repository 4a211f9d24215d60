package dev.slipway.credential.vault;

import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers 503; the reason is for the operator and goes to the log. */
@Singleton
@Produces(Problem.MEDIA_TYPE)
final class KeyServiceUnavailableHandler implements ExceptionHandler<KeyServiceUnavailableException, HttpResponse<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(KeyServiceUnavailableHandler.class);

    private final ExceptionHandler<ProblemException, HttpResponse<?>> problems;

    KeyServiceUnavailableHandler(ExceptionHandler<ProblemException, HttpResponse<?>> problems) {
        this.problems = problems;
    }

    @SuppressWarnings("rawtypes") // as the interface has it
    @Override
    public HttpResponse<?> handle(HttpRequest request, KeyServiceUnavailableException exception) {
        LOG.atError().addKeyValue("reason", exception.getMessage()).log("key service unavailable");
        return problems.handle(
                request,
                ProblemException.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "key-service-unavailable",
                        "The key service that guards the credentials does not answer. Nothing was changed; try again in a moment."));
    }
}
