package dev.slipway.session.permission;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests of agents over HTTP; any member may answer. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/chat/{session}/requests")
class PermissionController {
    private final PermissionService permissions;

    PermissionController(PermissionService permissions) {
        this.permissions = permissions;
    }

    @Get
    RequestList list(
            String project, String session, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        int size = Paging.limit(limit);
        Paging.Page<PermissionRequest> page = Paging.page(
                permissions.pending(project, session, Paging.position(cursor), size + 1), size, PermissionRequest::id);
        return new RequestList(page.items().stream().map(RequestView::of).toList(), page.nextCursor());
    }

    @Post("/{request}")
    Map<String, Object> answer(Caller caller, String project, String session, String request, @Body Answer body) {
        if (body.optionId() == null && !Boolean.TRUE.equals(body.cancelled())) {
            throw ProblemException.invalid("optionId", "missing (expected: one of the request's options)");
        }
        permissions.answer(caller, project, session, request, body.optionId());
        return Map.of("success", true);
    }

    @Serdeable
    record Answer(@Nullable String optionId, @Nullable Boolean cancelled) {}

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RequestView(
            String id,
            String sessionId,
            @Nullable String turnId,
            String title,
            String state,
            Map<String, Object> params,
            Instant requestedAt) {
        static RequestView of(PermissionRequest request) {
            return new RequestView(
                    request.id(),
                    request.sessionId(),
                    request.turnId(),
                    request.title(),
                    request.state(),
                    request.params(),
                    request.requestedAt());
        }
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RequestList(List<RequestView> requests, @Nullable String nextCursor) {}
}
