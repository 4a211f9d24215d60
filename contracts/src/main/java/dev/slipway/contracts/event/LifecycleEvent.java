package dev.slipway.contracts.event;

/**
 * The data of an event on the lifecycle topic. Delivered at least once and in order per subject; the envelope's id is how a
 * receiver recognises a repeat.
 */
public interface LifecycleEvent {
    /** What every type on the wire begins with. */
    String TYPE_PREFIX = "dev.slipway.";

    /** The topic of all lifecycle events, keyed by project. */
    String TOPIC = "slipway.lifecycle.v1";

    /** The topic's partitions; fixed from the first day, since the key decides the partition. */
    int PARTITIONS = 24;

    /** The full CloudEvents type of an event class. */
    static String typeOf(Class<? extends LifecycleEvent> event) {
        EventType type = event.getAnnotation(EventType.class);
        if (type == null) {
            throw new IllegalArgumentException(event.getName() + ": no @EventType (expected: one on each event)");
        }
        return TYPE_PREFIX + type.value();
    }
}
