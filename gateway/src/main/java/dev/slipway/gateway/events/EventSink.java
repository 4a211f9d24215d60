package dev.slipway.gateway.events;

/** How events are said to a viewer. Called on its loop; nothing is let out before {@link #flush}. */
interface EventSink {
    /** The viewer is let in. */
    void begin();

    /** An event of the log, for a viewer of nothing else. */
    void event(EventFrame frame);

    /**
     * An event.
     *
     * @param id where to go on after it
     * @param body its data, JSON in one line
     */
    void event(String id, String name, byte[] body);

    /** A sign of life. */
    void heartbeat();

    /** Lets out what was said. */
    void flush();

    /** Nothing more comes; the viewer was told why. */
    void end(Ending ending);

    /** Why a stream ends. */
    enum Ending {
        /** The viewer did not keep up. */
        SLOW,
        /** The viewer may no longer see this. */
        NOT_ALLOWED,
        /** The gateway is about to stop. */
        RESTART
    }
}
