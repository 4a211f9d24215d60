package dev.slipway.gateway.proxy;

import dev.slipway.gateway.wire.Front;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket's bytes both ways, untouched: its frames, what was agreed about compressing them, and the code that either side
 * closes with. Only where a side ends without a close of its own is one put in for the other.
 */
final class Tunnel extends Passage {
    private final FrameTracker toClient = new FrameTracker();
    private boolean draining;

    Tunnel(Front front, Channel upstream) {
        super(front, upstream);
    }

    @Override
    void fromClient(Object bytes) {
        upstream.write(bytes);
    }

    @Override
    void fromUpstream(Object bytes) {
        if (bytes instanceof ByteBuf buffer) {
            toClient.sees(buffer);
        }
        front.write(bytes);
        if (draining) {
            closeBetweenFrames();
        }
    }

    /** Lets out what was sent last, a close frame for one, and ends. */
    @Override
    void upstreamGone() {
        if (!toClient.isClosed() && toClient.isBetweenFrames()) {
            front.write(close(new WebSocketCloseStatus(1011, "The service broke off")));
        }
        front.close();
    }

    @Override
    void clientGone() {
        upstream.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    void drain() {
        draining = true;
        closeBetweenFrames();
    }

    private void closeBetweenFrames() {
        if (toClient.isBetweenFrames() && !toClient.isClosed()) {
            front.write(close(WebSocketCloseStatus.SERVICE_RESTART));
            front.close();
        }
    }

    /** A close frame as a server sends it. */
    private static ByteBuf close(WebSocketCloseStatus status) {
        byte[] reason = status.reasonText().getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = Unpooled.buffer(4 + reason.length);
        frame.writeByte(0x88).writeByte(2 + reason.length).writeShort(status.code());
        return frame.writeBytes(reason, 0, reason.length);
    }
}
