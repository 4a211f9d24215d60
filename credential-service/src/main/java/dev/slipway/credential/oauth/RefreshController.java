package dev.slipway.credential.oauth;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialLookup;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gets the next token when somebody asks for it. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials/{provider}/refresh")
class RefreshController {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CredentialLookup lookup;
    private final Refresher refresher;
    private final Clock clock;

    RefreshController(CredentialLookup lookup, Refresher refresher, Clock clock) {
        this.lookup = lookup;
        this.refresher = refresher;
        this.clock = clock;
    }

    @Post
    Answer refresh(String project, String provider, @QueryValue @Nullable Boolean personal, Caller caller) {
        Credential found = lookup.toChange(project, provider, personal, caller);
        if (found.refresh() == null) {
            throw ProblemException.conflict(
                    "not-refreshable", "This credential has no next token: it is a key, or was pasted. Store it anew.");
        }
        Credential present =
                refresher.refresh(found, PATIENCE).orElseThrow(() -> ProblemException.notFound("credential"));
        if (present.version() == found.version()) {
            String problem = present.renewal().problem();
            throw ProblemException.of(
                    HttpStatus.BAD_GATEWAY,
                    "refresh-failed",
                    problem == null ? "The provider has not answered yet. Try again in a moment." : problem);
        }
        Instant end = present.expiresAt();
        return new Answer(
                true,
                end,
                end == null
                        ? null
                        : Long.valueOf(Duration.between(clock.instant(), end).toSeconds()));
    }

    /** {@code expiresIn} in seconds. */
    @Serdeable
    record Answer(
            boolean success,
            @Nullable Instant expiresAt,
            @Nullable Long expiresIn) {}
}
