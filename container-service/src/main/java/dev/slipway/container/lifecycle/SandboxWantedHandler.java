package dev.slipway.container.lifecycle;

import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SessionEvent.SandboxWanted;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** Takes what session-service wants. */
@Singleton
final class SandboxWantedHandler implements EventHandler<SandboxWanted> {
    private final SandboxLifecycle lifecycle;

    SandboxWantedHandler(SandboxLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Class<SandboxWanted> eventType() {
        return SandboxWanted.class;
    }

    @Override
    public void handle(EventEnvelope envelope, SandboxWanted wish) {
        if (wish.desired() == Desired.RUNNING && wish.spec() == null) {
            throw new IllegalArgumentException("spec: missing (expected: one with desired RUNNING)");
        }
        lifecycle.want(envelope.projectId(), wish);
    }
}
