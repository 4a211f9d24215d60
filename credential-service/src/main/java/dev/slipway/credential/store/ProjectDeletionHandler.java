package dev.slipway.credential.store;

import dev.slipway.contracts.gateway.ProjectEvent.ProjectDeletionRequested;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** A project goes, and its credentials with it. */
@Singleton
final class ProjectDeletionHandler implements EventHandler<ProjectDeletionRequested> {
    private final CredentialService credentials;

    ProjectDeletionHandler(CredentialService credentials) {
        this.credentials = credentials;
    }

    @Override
    public Class<ProjectDeletionRequested> eventType() {
        return ProjectDeletionRequested.class;
    }

    @Override
    public void handle(EventEnvelope envelope, ProjectDeletionRequested event) {
        credentials.deleteAll(envelope.projectId());
    }
}
