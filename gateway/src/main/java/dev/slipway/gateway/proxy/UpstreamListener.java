package dev.slipway.gateway.proxy;

/** Who is served by an upstream connection for the time being. */
interface UpstreamListener {
    /** A part of the answer, or after an upgrade raw bytes; the listener releases it. */
    void upstreamReceived(Object part);

    /** All that one read brought was received. */
    void upstreamReadComplete();

    /** The service takes more again, or no more for now. */
    void upstreamWritabilityChanged();

    /** The time is over that {@link UpstreamHandler#watch} was given. */
    default void upstreamOverdue() {}

    /** The connection ended. */
    void upstreamGone();
}
