package dev.slipway.workspace.checkout;

import dev.slipway.contracts.session.SessionEvent.SessionRemoved;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import dev.slipway.kit.job.JobQueue;
import jakarta.inject.Singleton;

/** A session is gone: its branch goes too. What was applied is in the workspace and stays. */
@Singleton
final class SessionRemovedHandler implements EventHandler<SessionRemoved> {
    private final Checkouts checkouts;
    private final JobQueue jobs;

    SessionRemovedHandler(Checkouts checkouts, JobQueue jobs) {
        this.checkouts = checkouts;
        this.jobs = jobs;
    }

    @Override
    public Class<SessionRemoved> eventType() {
        return SessionRemoved.class;
    }

    @Override
    public void handle(EventEnvelope envelope, SessionRemoved event) {
        if (checkouts.release(event.sessionId())) {
            jobs.add(ReleaseJob.KIND, event.sessionId(), "{}");
        }
    }
}
