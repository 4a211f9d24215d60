package dev.slipway.gateway.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a user is logged in. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/auth/sessions")
class LoginSessionController {
    private final LoginSessions sessions;

    LoginSessionController(LoginSessions sessions) {
        this.sessions = sessions;
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Sessions(List<LoginSession> sessions, @Nullable String nextCursor) {}

    @Get
    Sessions list(Admission admission, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        admission.requireAccountScope();
        Page<LoginSession> page = sessions.list(admission.visitor(), Paging.position(cursor), Paging.limit(limit));
        return new Sessions(page.items(), page.nextCursor());
    }

    /** All but the one that asks. */
    @Delete
    @Status(HttpStatus.NO_CONTENT)
    void endOthers(Admission admission) {
        admission.requireAccountScope();
        sessions.endOthers(admission.visitor());
    }

    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    void end(Admission admission, @PathVariable String id) {
        admission.requireAccountScope();
        sessions.end(admission.user().id(), id);
    }
}
