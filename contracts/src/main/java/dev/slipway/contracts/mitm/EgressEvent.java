package dev.slipway.contracts.mitm;

import dev.slipway.contracts.event.EventType;
import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.serde.annotation.Serdeable;

/** What the user should see at once of a session's egress. */
public sealed interface EgressEvent extends LifecycleEvent {
    /** A request was refused; one event per session, host and minute. */
    @Serdeable
    @EventType("egress.blocked.v1")
    record EgressBlocked(String sessionId, String host, int port, String reason) implements EgressEvent {}

    /** A model answered a session; {@code id} is the egress record's. Sums of it are the session's usage. */
    @Serdeable
    @EventType("egress.usage.metered.v1")
    record UsageMetered(String id, String sessionId, Usage usage) implements EgressEvent {}

    /** A call was refused since the session's or project's budget is spent; one event per session and hour. */
    @Serdeable
    @EventType("egress.budget.spent.v1")
    record BudgetSpent(String sessionId, String scope, double budgetUsd, double spentUsd) implements EgressEvent {}
}
