package dev.slipway.credential.probe;

import dev.slipway.credential.store.CredentialLookup;
import dev.slipway.kit.identity.Caller;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** Tries a credential for an admin, or for the owner of a personal one. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials/{provider}/test")
class ProbeController {
    private final CredentialLookup lookup;
    private final Probe probe;

    ProbeController(CredentialLookup lookup, Probe probe) {
        this.lookup = lookup;
        this.probe = probe;
    }

    @Post
    Answer test(String project, String provider, @QueryValue @Nullable Boolean personal, Caller caller) {
        return Answer.of(probe.test(lookup.toChange(project, provider, personal, caller)));
    }

    /** {@code status} is {@code works}, {@code refused} or {@code unreachable}; {@code detail} says it in words. */
    @Serdeable
    record Answer(String status, String detail) {
        static Answer of(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Works() -> new Answer("works", "The provider took the credential.");
                case Verdict.Refused(int status) ->
                    new Answer("refused", "The provider answered " + status + ". Store a credential that is valid.");
                case Verdict.Unreachable(String reason) ->
                    new Answer("unreachable", "The provider could not be asked: " + reason + ". Try again later.");
            };
        }
    }
}
