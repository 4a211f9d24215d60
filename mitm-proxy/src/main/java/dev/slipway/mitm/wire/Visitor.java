package dev.slipway.mitm.wire;

/** Whose connection begins. */
public sealed interface Visitor {
    /** The socket is one session's own. */
    record Known(Door door) implements Visitor {}

    /** Anybody may connect; the first words have to say who it is. */
    record Stranger(Gatekeeper gatekeeper) implements Visitor {}
}
