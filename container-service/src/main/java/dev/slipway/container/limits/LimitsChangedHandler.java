package dev.slipway.container.limits;

import dev.slipway.contracts.gateway.ProjectEvent.LimitsChanged;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** Keeps what the gateway says a project may use. */
@Singleton
final class LimitsChangedHandler implements EventHandler<LimitsChanged> {
    private final ProjectShares shares;

    LimitsChangedHandler(ProjectShares shares) {
        this.shares = shares;
    }

    @Override
    public Class<LimitsChanged> eventType() {
        return LimitsChanged.class;
    }

    @Override
    public void handle(EventEnvelope envelope, LimitsChanged event) {
        shares.limit(envelope.projectId(), event.limits(), envelope.seq());
    }
}
