package dev.slipway.credential.rotation;

import dev.slipway.credential.store.CredentialStore;
import dev.slipway.credential.vault.Vault;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Clock;

/** Tells services how far a change of the keys is. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/master-key")
class RotationController {
    private final CredentialStore store;
    private final Vault vault;
    private final RotationSettings settings;
    private final Clock clock;

    RotationController(CredentialStore store, Vault vault, RotationSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.vault = vault;
    }

    @Get
    Progress show(Caller caller) {
        caller.require(Role.SYSTEM);
        long total = store.count();
        String current = vault.currentKeyId();
        return new Progress(
                current,
                total,
                total - store.countWrappedBy(current),
                store.countKeyedBefore(settings.dueBefore(clock)));
    }

    /**
     * How far it is.
     *
     * @param keyId the current master key's id
     * @param remaining credentials that still need an earlier key
     * @param dataKeysDue credentials whose data key is older than it may become
     */
    @Serdeable
    record Progress(String keyId, long credentials, long remaining, long dataKeysDue) {}
}
