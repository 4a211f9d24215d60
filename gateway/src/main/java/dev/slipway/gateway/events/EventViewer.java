package dev.slipway.gateway.events;

/** Somebody who watches a project. */
interface EventViewer {
    /** A new event. Called on the tail's thread; must not wait. */
    void live(EventFrame frame);
}
