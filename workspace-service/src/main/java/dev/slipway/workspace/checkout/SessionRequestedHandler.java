package dev.slipway.workspace.checkout;

import dev.slipway.contracts.session.SessionEvent.SessionRequested;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import dev.slipway.kit.job.JobQueue;
import jakarta.inject.Singleton;

/** A session is wanted: its branch is to be made. */
@Singleton
final class SessionRequestedHandler implements EventHandler<SessionRequested> {
    private final Checkouts checkouts;
    private final JobQueue jobs;

    SessionRequestedHandler(Checkouts checkouts, JobQueue jobs) {
        this.checkouts = checkouts;
        this.jobs = jobs;
    }

    @Override
    public Class<SessionRequested> eventType() {
        return SessionRequested.class;
    }

    @Override
    public void handle(EventEnvelope envelope, SessionRequested event) {
        checkouts.want(event.sessionId(), envelope.projectId(), event.workspaceId(), event.userId(), event.baseRef());
        jobs.add(PrepareJob.KIND, event.sessionId(), "{}");
    }
}
