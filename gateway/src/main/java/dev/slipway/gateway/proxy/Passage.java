package dev.slipway.gateway.proxy;

import dev.slipway.gateway.wire.Front;
import io.netty.channel.Channel;

/**
 * What becomes of an exchange after an upgrade: both sides speak as they like, each read only as fast as the other takes. What is
 * said, and how it ends, is the subclass's to know.
 */
abstract class Passage {
    final Front front;
    final Channel upstream;

    Passage(Front front, Channel upstream) {
        this.front = front;
        this.upstream = upstream;
    }

    /** Starts to pass. */
    final void begin() {
        front.flush();
        front.read();
        upstream.read();
    }

    /** From the client; released here. */
    abstract void fromClient(Object part);

    /** From the service; released here. */
    abstract void fromUpstream(Object part);

    /** The client is gone. */
    abstract void clientGone();

    /** The service is gone. */
    abstract void upstreamGone();

    /** The gateway is about to stop: the client is to come back at another one. */
    abstract void drain();

    /** All that one read of the client's side brought was given. */
    final void clientReadComplete() {
        upstream.flush();
        upstreamWritabilityChanged();
    }

    /** All that one read of the service's side brought was given. */
    final void upstreamReadComplete() {
        front.flush();
        clientWritabilityChanged();
    }

    /** The client takes more again, or no more for now. */
    final void clientWritabilityChanged() {
        if (front.isWritable()) {
            upstream.read();
        }
    }

    /** The service takes more again, or no more for now. */
    final void upstreamWritabilityChanged() {
        if (upstream.isWritable()) {
            front.read();
        }
    }
}
