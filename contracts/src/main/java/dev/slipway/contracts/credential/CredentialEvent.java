package dev.slipway.contracts.credential;

import dev.slipway.contracts.event.EventType;
import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** What became of credentials; never a value. */
public sealed interface CredentialEvent extends LifecycleEvent {
    /** A credential was stored, refreshed or deleted, or its refresh failed: {@code action} is {@code stored}, {@code refreshed}, {@code deleted} or {@code failed}. {@code userId} is the owner of a personal one. */
    @Serdeable
    @EventType("credential.changed.v1")
    record CredentialChanged(
            String provider, String action, @Nullable String userId) implements CredentialEvent {}
}
