package dev.slipway.credential.probe;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialStore;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;

/** Tries a credential for an admin. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials/{provider}/test")
class ProbeController {
    private final CredentialStore store;
    private final Probe probe;

    ProbeController(CredentialStore store, Probe probe) {
        this.store = store;
        this.probe = probe;
    }

    @Post
    Answer test(String project, String provider, Caller caller) {
        caller.require(Role.ADMIN);
        Credential credential =
                store.find(project, provider).orElseThrow(() -> ProblemException.notFound("credential"));
        return Answer.of(probe.test(credential));
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
