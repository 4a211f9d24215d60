package dev.slipway.mitm.rules;

import dev.slipway.contracts.credential.CredentialEvent.CredentialChanged;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** A credential changed: asks for the project's rules again, without waiting for them here. */
@Singleton
final class CredentialChangedHandler implements EventHandler<CredentialChanged> {
    private final RuleRefresh refresh;

    CredentialChangedHandler(RuleRefresh refresh) {
        this.refresh = refresh;
    }

    @Override
    public Class<CredentialChanged> eventType() {
        return CredentialChanged.class;
    }

    @Override
    public void handle(EventEnvelope envelope, CredentialChanged event) {
        refresh.project(envelope.projectId());
    }
}
