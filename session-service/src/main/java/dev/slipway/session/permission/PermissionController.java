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
        permissions.answer(caller, project, session, request, body.answer(), Boolean.TRUE.equals(body.always()));
        return Map.of("success", true);
    }

    /** One of optionId, answers, declined and cancelled; {@code always} for all later uses of the tool. */
    @Serdeable
    record Answer(
            @Nullable String optionId,
            @Nullable Map<String, Object> answers,
            @Nullable Boolean declined,
            @Nullable Boolean cancelled,
            @Nullable Boolean always) {
        RequestAnswer answer() {
            if (optionId != null) {
                return RequestAnswer.option(optionId);
            }
            if (answers != null) {
                return RequestAnswer.of(answers);
            }
            if (Boolean.TRUE.equals(declined)) {
                return RequestAnswer.DECLINED;
            }
            if (Boolean.TRUE.equals(cancelled)) {
                return RequestAnswer.CANCELLED;
            }
            throw ProblemException.invalid(
                    "optionId", "missing (expected: optionId, answers, or declined or cancelled as true)");
        }
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RequestView(
            String id,
            String sessionId,
            @Nullable String turnId,
            String kind,
            String title,
            @Nullable String tool,
            String state,
            Map<String, Object> params,
            @Nullable String defaultOptionId,
            Instant requestedAt,
            @Nullable Instant expiresAt) {
        static RequestView of(PermissionRequest request) {
            return new RequestView(
                    request.id(),
                    request.sessionId(),
                    request.turnId(),
                    request.kind(),
                    request.title(),
                    request.tool(),
                    request.state(),
                    request.params(),
                    request.defaultOption(),
                    request.requestedAt(),
                    request.expiresAt());
        }
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RequestList(List<RequestView> requests, @Nullable String nextCursor) {}
}
