package dev.slipway.workspace.registry;

import dev.slipway.contracts.gateway.ProjectEvent.ProjectDeletionRequested;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** A project goes: so do its workspaces, except the folders of users that were used in place. */
@Singleton
final class ProjectDeletionHandler implements EventHandler<ProjectDeletionRequested> {
    private final WorkspaceStore store;
    private final WorkspaceService workspaces;

    ProjectDeletionHandler(WorkspaceStore store, WorkspaceService workspaces) {
        this.store = store;
        this.workspaces = workspaces;
    }

    @Override
    public Class<ProjectDeletionRequested> eventType() {
        return ProjectDeletionRequested.class;
    }

    @Override
    public void handle(EventEnvelope envelope, ProjectDeletionRequested event) {
        store.ofProject(envelope.projectId()).forEach(workspace -> workspaces.remove(workspace, false));
    }
}
