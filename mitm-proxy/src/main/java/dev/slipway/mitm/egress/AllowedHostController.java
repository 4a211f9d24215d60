package dev.slipway.mitm.egress;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.paging.Paging;
import dev.slipway.mitm.session.AllowedHostRow;
import dev.slipway.mitm.session.SessionService;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** The hosts that users allow a session beyond its rules: the button beside a refusal, and the way back. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/sessions/{session}/egress/allow")
final class AllowedHostController {
    private final SessionService sessions;

    AllowedHostController(SessionService sessions) {
        this.sessions = sessions;
    }

    @Get
    AllowedHostPage list(
            String project, String session, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        int count = Paging.limit(limit);
        String after = Paging.position(cursor);
        var rows = sessions.allowed(project, session, after == null ? "" : after, count + 1);
        var page = Paging.page(rows, count, AllowedHostRow::host);
        return new AllowedHostPage(
                page.items().stream()
                        .map(row -> new AllowedHostView(row.host(), row.allowedBy(), row.allowedAt()))
                        .toList(),
                page.nextCursor());
    }

    @Post
    @Status(HttpStatus.NO_CONTENT)
    void allow(String project, String session, @Body AllowedHost body, Caller caller) {
        sessions.allow(project, session, body.host(), caller.userId());
    }

    @Delete("/{host}")
    @Status(HttpStatus.NO_CONTENT)
    void disallow(String project, String session, String host) {
        sessions.disallow(project, session, host);
    }
}
