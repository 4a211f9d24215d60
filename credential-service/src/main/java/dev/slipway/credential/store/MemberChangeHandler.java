package dev.slipway.credential.store;

import dev.slipway.contracts.gateway.ProjectEvent.MemberChanged;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** A user leaves a project, and takes their personal credentials with them. */
@Singleton
final class MemberChangeHandler implements EventHandler<MemberChanged> {
    private final CredentialService credentials;

    MemberChangeHandler(CredentialService credentials) {
        this.credentials = credentials;
    }

    @Override
    public Class<MemberChanged> eventType() {
        return MemberChanged.class;
    }

    @Override
    public void handle(EventEnvelope envelope, MemberChanged event) {
        if (event.role() == null) {
            credentials.deletePersonal(envelope.projectId(), event.userId());
        }
    }
}
