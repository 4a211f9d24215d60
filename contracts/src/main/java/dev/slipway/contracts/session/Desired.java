package dev.slipway.contracts.session;

/** What is wanted of a session's sandbox. */
public enum Desired {
    RUNNING,
    STOPPED,
    REMOVED
}
