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

/** Tells services how far a change of the master key is. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/master-key")
class RotationController {
    private final CredentialStore store;
    private final Vault vault;

    RotationController(CredentialStore store, Vault vault) {
        this.store = store;
        this.vault = vault;
    }

    @Get
    Progress show(Caller caller) {
        caller.require(Role.SYSTEM);
        long total = store.count();
        return new Progress(vault.currentKeyId(), total, total - store.countWrappedBy(vault.currentKeyId()));
    }

    /**
     * How far it is.
     *
     * @param keyId the current master key's id
     * @param remaining credentials that still need an earlier key
     */
    @Serdeable
    record Progress(String keyId, long credentials, long remaining) {}
}
