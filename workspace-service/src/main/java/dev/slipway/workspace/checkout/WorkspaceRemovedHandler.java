package dev.slipway.workspace.checkout;

import dev.slipway.contracts.workspace.WorkspaceEvent.WorkspaceRemoved;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import dev.slipway.kit.job.JobQueue;
import jakarta.inject.Singleton;

/** A workspace of ours is gone: so are the branches of its sessions. */
@Singleton
final class WorkspaceRemovedHandler implements EventHandler<WorkspaceRemoved> {
    private final Checkouts checkouts;
    private final JobQueue jobs;

    WorkspaceRemovedHandler(Checkouts checkouts, JobQueue jobs) {
        this.checkouts = checkouts;
        this.jobs = jobs;
    }

    @Override
    public Class<WorkspaceRemoved> eventType() {
        return WorkspaceRemoved.class;
    }

    @Override
    public void handle(EventEnvelope envelope, WorkspaceRemoved event) {
        for (Checkout checkout : checkouts.ofWorkspace(event.workspaceId())) {
            checkouts.release(checkout.sessionId());
            jobs.add(ReleaseJob.KIND, checkout.sessionId(), "{}");
        }
    }
}
