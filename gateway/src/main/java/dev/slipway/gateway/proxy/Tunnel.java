package dev.slipway.gateway.proxy;

import dev.slipway.gateway.wire.Front;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/** Bytes both ways after an upgrade, each side read only as fast as the other takes. */
final class Tunnel {
    private final Front front;
    private final Channel upstream;

    Tunnel(Front front, Channel upstream) {
        this.front = front;
        this.upstream = upstream;
    }

    void begin() {
        front.flush();
        front.read();
        upstream.read();
    }

    void fromClient(Object bytes) {
        upstream.write(bytes);
    }

    void clientReadComplete() {
        upstream.flush();
        if (upstream.isWritable()) {
            front.read();
        }
    }

    void fromUpstream(Object bytes) {
        front.write(bytes);
    }

    void upstreamReadComplete() {
        front.flush();
        if (front.isWritable()) {
            upstream.read();
        }
    }

    void clientWritabilityChanged() {
        if (front.isWritable()) {
            upstream.read();
        }
    }

    void upstreamWritabilityChanged() {
        if (upstream.isWritable()) {
            front.read();
        }
    }

    /** Lets out what was sent last, a WebSocket's close frame for one, and ends. */
    void upstreamGone() {
        front.close();
    }

    void clientGone() {
        upstream.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
