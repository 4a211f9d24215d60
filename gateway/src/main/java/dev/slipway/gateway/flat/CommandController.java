package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.SessionGate;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One command in a session's sandbox. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/cmd")
class CommandController {
    private static final long TIMEOUT_MILLIS = 60_000;
    private static final long TIMEOUT_MILLIS_MAX = 600_000;
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final SessionGate sessions;
    private final Peers peers;

    CommandController(SessionGate sessions, Peers peers) {
        this.sessions = sessions;
        this.peers = peers;
    }

    /** What to run, and where. */
    @Serdeable
    record Command(
            @NotBlank String sessionId,
            @NotBlank String cmd,
            @Nullable String cwd,
            @Nullable Long timeoutMs) {}

    @Post
    Map<String, Object> run(Admission admission, @Body @Valid Command body) {
        if (!Ids.isWellFormed(body.sessionId())) {
            throw ProblemException.invalid("sessionId", "malformed (expected: a session's id)");
        }
        long timeout = Objects.requireNonNullElse(body.timeoutMs(), TIMEOUT_MILLIS);
        if (timeout < 1 || timeout > TIMEOUT_MILLIS_MAX) {
            throw ProblemException.invalid("timeoutMs", timeout + " (expected: 1 to " + TIMEOUT_MILLIS_MAX + ")");
        }
        Map<String, Object> command = new LinkedHashMap<>();
        command.put("cmd", body.cmd());
        command.put("timeoutMs", timeout);
        if (body.cwd() != null) {
            command.put("cwd", body.cwd());
        }
        return peers.call(
                sessions.ofSession(admission, body.sessionId()),
                Peers.CONTAINERS,
                "POST",
                "sessions/" + InternalClient.segment(body.sessionId()) + "/cmd",
                command,
                Duration.ofMillis(timeout).plus(MARGIN));
    }
}
