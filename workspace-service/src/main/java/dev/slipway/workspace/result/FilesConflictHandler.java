package dev.slipway.workspace.result;

import dev.slipway.kit.problem.Problem;
import dev.slipway.kit.problem.Problems;
import dev.slipway.kit.telemetry.RequestIds;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.List;

/** 409 that names the files, one by one. */
@Singleton
@Produces(Problem.MEDIA_TYPE)
final class FilesConflictHandler implements ExceptionHandler<FilesConflictException, HttpResponse<?>> {
    private static final int FILES_MAX = 200;

    @SuppressWarnings("rawtypes") // as the interface has it
    @Override
    public HttpResponse<?> handle(HttpRequest request, FilesConflictException thrown) {
        HttpRequest<?> typed = request;
        List<Problem.FieldError> files = thrown.files().stream()
                .limit(FILES_MAX)
                .map(file -> new Problem.FieldError(file, thrown.reason()))
                .toList();
        Problem problem = Problems.problem(
                HttpStatus.CONFLICT, thrown.kind(), String.valueOf(thrown.getMessage()), files, RequestIds.of(typed));
        return HttpResponse.status(HttpStatus.CONFLICT)
                .body(problem)
                .contentType(MediaType.of(Problem.MEDIA_TYPE))
                .header(RequestIds.HEADER, RequestIds.of(typed));
    }
}
