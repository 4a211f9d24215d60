package dev.slipway.agent.session;

import java.util.Locale;

/** How far a sandbox is: {@code EMPTY → CLONING → STARTING → READY}, and FAILED from the middle two. */
public enum Phase {
    EMPTY,
    CLONING,
    STARTING,
    READY,
    FAILED;

    /** As the API spells it. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
