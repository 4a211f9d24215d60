package dev.slipway.mitm.session;

import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.contracts.mitm.EgressSession;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.mitm.authority.Authorities;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.regex.Pattern;

/** Opens and closes doors, for container-service; and hands out the certificates to trust. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller
final class SessionController {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,65}");

    private final SessionService sessions;
    private final Authorities authorities;

    SessionController(SessionService sessions, Authorities authorities) {
        this.sessions = sessions;
        this.authorities = authorities;
    }

    @Put("/api/sessions/{session}")
    EgressDoor open(String session, @Body EgressSession body, Caller caller) {
        caller.require(Role.SYSTEM);
        return sessions.open(checked(session), body);
    }

    @Delete("/api/sessions/{session}")
    @Status(HttpStatus.NO_CONTENT)
    void close(String session, Caller caller) {
        caller.require(Role.SYSTEM);
        sessions.close(checked(session));
    }

    @Get("/ca.pem")
    @Produces(MediaType.TEXT_PLAIN)
    String authority() {
        return authorities.trustedPem();
    }

    private static String checked(String session) {
        if (!ID.matcher(session).matches()) {
            throw ProblemException.invalid("session", "not an id (expected: 1 to 65 of A-Z a-z 0-9 -)");
        }
        return session;
    }
}
