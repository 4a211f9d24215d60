package dev.slipway.kit.problem;

import dev.slipway.kit.telemetry.RequestIds;
import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a problem of every error that the framework itself answers: unknown route, wrong method, bad body, a bug. */
@Singleton
@Primary
final class ProblemErrorProcessor implements ErrorResponseProcessor<Problem> {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemErrorProcessor.class);

    @Override
    public MutableHttpResponse<Problem> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        HttpStatus status = response.status();
        String requestId = RequestIds.of(context.getRequest());
        if (status.getCode() >= 500) {
            LOG.atError()
                    .addKeyValue("requestId", requestId)
                    .addKeyValue("path", context.getRequest().getPath())
                    .setCause(context.getRootCause().orElse(null))
                    .log("request failed");
        }
        List<Problem.FieldError> errors = status.getCode() >= 500
                ? List.of()
                : context.getErrors().stream()
                        .filter(error -> error.getPath().isPresent())
                        .map(error -> new Problem.FieldError(error.getPath().orElse(""), error.getMessage()))
                        .toList();
        return Problems.write(
                context.getRequest(),
                response,
                Problems.problem(status, Problems.kindOf(status), detail(context, status), errors, requestId));
    }

    /** What the framework says of a client's fault is shown; what it says of ours stays in the log. */
    private static String detail(ErrorContext context, HttpStatus status) {
        if (status.getCode() >= 500) {
            return "Something went wrong on our side. Try again; if it stays, report the request id.";
        }
        return context.getErrors().stream().map(Error::getMessage).findFirst().orElseGet(() -> switch (status) {
            case NOT_FOUND -> "There is nothing at this path.";
            case METHOD_NOT_ALLOWED -> "This path does not take that method; see the Allow header.";
            case UNSUPPORTED_MEDIA_TYPE -> "Send the body as application/json.";
            default -> status.getReason() + ".";
        });
    }
}
