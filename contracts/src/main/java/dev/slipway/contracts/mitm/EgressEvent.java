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
}
