package dev.slipway.mitm.config;

import dev.slipway.contracts.mitm.EgressAuthority;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import dev.slipway.mitm.authority.Authorities;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's view of the certificate authorities, and how they get a successor: by command here, or by age. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/authority")
class AuthorityController {
    private static final Logger LOG = LoggerFactory.getLogger(AuthorityController.class);

    /** @param immediately without an overlap, for a key that others may know: what runs in sandboxes must be started again */
    @Serdeable
    record Rotation(@Nullable Boolean immediately) {}

    private final Authorities authorities;

    AuthorityController(Authorities authorities) {
        this.authorities = authorities;
    }

    @Get
    EgressAuthority show(Caller caller) {
        caller.require(Role.SYSTEM);
        return view();
    }

    @Post("/rotation")
    @Status(HttpStatus.ACCEPTED)
    EgressAuthority rotate(@Nullable @Body Rotation wanted, Caller caller) {
        caller.require(Role.SYSTEM);
        if (wanted != null && Boolean.TRUE.equals(wanted.immediately())) {
            authorities.replaceAtOnce();
        } else {
            try {
                authorities.announce();
            } catch (Authorities.ChangeUnderWay underWay) {
                throw ProblemException.conflict("rotation-under-way", underWay.getMessage() + ".");
            }
        }
        LOG.atInfo()
                .addKeyValue("immediately", wanted != null && Boolean.TRUE.equals(wanted.immediately()))
                .log("certificate authority gets a successor");
        return view();
    }

    /** Takes the steps that are due, and learns of those that another replica took. */
    @Scheduled(fixedDelay = "20s", initialDelay = "20s")
    void keep() {
        authorities.keep();
    }

    private EgressAuthority view() {
        Authorities.State state = authorities.state();
        return new EgressAuthority(
                authorities.trustedPem(),
                state.signing().madeAt(),
                state.nextSignsFrom().orElse(null),
                state.previousUntil().orElse(null));
    }
}
