package dev.slipway.kit.inbox;

import dev.slipway.contracts.event.LifecycleEvent;

/**
 * What a service does about one type of event. It is called once per event, in a transaction that is committed with the
 * note that the event was seen; it writes rows or jobs and does nothing slow. What it throws makes the event wait and come
 * again, and after {@link LifecycleConsumer#ATTEMPTS} times go to the dead letters with all later events of its subject.
 *
 * @param <E> the event
 */
public interface EventHandler<E extends LifecycleEvent> {
    /** The class of the event, which has an {@code @EventType}. */
    Class<E> eventType();

    /** Applies the event. */
    void handle(EventEnvelope envelope, E event);
}
