package dev.slipway.mitm.usage;

import dev.slipway.contracts.gateway.ProjectEvent.LimitsChanged;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.kit.inbox.EventHandler;
import jakarta.inject.Singleton;

/** Takes over the budget of a project's limits. */
@Singleton
final class LimitsChangedHandler implements EventHandler<LimitsChanged> {
    private final Budgets budgets;

    LimitsChangedHandler(Budgets budgets) {
        this.budgets = budgets;
    }

    @Override
    public Class<LimitsChanged> eventType() {
        return LimitsChanged.class;
    }

    @Override
    public void handle(EventEnvelope envelope, LimitsChanged event) {
        budgets.setProject(envelope.projectId(), event.limits().budgetUsd());
    }
}
