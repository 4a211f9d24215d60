package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.SessionGate;
import dev.slipway.gateway.flat.QuickStarts.Kept;
import dev.slipway.gateway.flat.QuickStarts.Started;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The quick start: from a repository to a session in one request. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/session")
class QuickStartController {
    private final SessionGate gate;
    private final QuickStarts starts;

    QuickStartController(SessionGate gate, QuickStarts starts) {
        this.gate = gate;
        this.starts = starts;
    }

    /** What to work on: a path or a git address. */
    @Serdeable
    record Start(
            @NotBlank @Size(max = 2000) String repo,
            @Nullable @Size(max = 200) String label) {}

    @Post
    Started start(Admission admission, @Body @Valid Start body) {
        return starts.start(gate.atHome(admission), body.repo(), body.label());
    }

    @Get("/{session}")
    Kept get(Admission admission, @PathVariable String session) {
        if (!Ids.isWellFormed(session)) {
            throw ProblemException.notFound("session");
        }
        return starts.get(gate.ofSession(admission, session), session);
    }
}
