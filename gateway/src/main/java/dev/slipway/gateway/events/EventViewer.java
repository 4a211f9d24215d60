package dev.slipway.gateway.events;

import io.netty.channel.EventLoop;

/** Somebody who watches a project. */
interface EventViewer {
    /** Where it lives. */
    EventLoop loop();

    /** A new event. Called on its loop. */
    void live(EventFrame frame);
}
