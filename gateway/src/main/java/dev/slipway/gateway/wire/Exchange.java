package dev.slipway.gateway.wire;

/** What is being done about one request, from its head to the end of its answer. Called on the connection's event loop only. */
public interface Exchange {
    /** A part of the request's body, or after an upgrade raw bytes; the exchange releases it. The last part ends the request. */
    void received(Object part);

    /** All that one read brought was {@link #received}. */
    void readComplete();

    /** Whether the rest of the request is waited for before anything is done about it, so that its whole has a deadline. */
    default boolean readsWhole() {
        return false;
    }

    /** The client takes more again, or no more for now. */
    void writabilityChanged();

    /** The gateway is about to stop. What has no end of its own tells the client to come back, and ends. */
    default void drain() {}

    /** The client is gone; whatever is being done for it ends now. */
    void clientGone();
}
