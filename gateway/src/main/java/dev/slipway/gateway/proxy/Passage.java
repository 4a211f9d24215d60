package dev.slipway.gateway.proxy;

/** What becomes of an exchange after an upgrade: both sides speak as they like, each read only as fast as the other takes. */
interface Passage {
    /** Starts to pass. */
    void begin();

    /** From the client; released here. */
    void fromClient(Object part);

    /** All that one read of the client's side brought was given. */
    void clientReadComplete();

    /** The client takes more again, or no more for now. */
    void clientWritabilityChanged();

    /** The client is gone. */
    void clientGone();

    /** From the service; released here. */
    void fromUpstream(Object part);

    /** All that one read of the service's side brought was given. */
    void upstreamReadComplete();

    /** The service takes more again, or no more for now. */
    void upstreamWritabilityChanged();

    /** The service is gone. */
    void upstreamGone();

    /** The gateway is about to stop: the client is to come back at another one. */
    void drain();
}
