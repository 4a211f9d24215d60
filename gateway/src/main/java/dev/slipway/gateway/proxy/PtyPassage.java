package dev.slipway.gateway.proxy;

import dev.slipway.gateway.wire.Front;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.util.concurrent.TimeUnit;

/** A terminal's WebSocket whose text frames are said in other words on their way ({@link PtyWords}); the others pass. */
final class PtyPassage extends Passage {
    /** A frame's payload and a message's, at most. */
    static final int BYTES_MAX = 1 << 20;

    private final long beganNanos = System.nanoTime();
    private boolean closed;

    PtyPassage(Front front, Channel upstream) {
        super(front, upstream);
    }

    /** Lets frames instead of bytes pass on the service's side. */
    static void frame(Channel upstream, String before) {
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(false)
                .allowMaskMismatch(false)
                .maxFramePayloadLength(BYTES_MAX)
                .build();
        upstream.pipeline().addBefore(before, "frame-decoder", new WebSocket13FrameDecoder(config));
        upstream.pipeline().addBefore(before, "frame-encoder", new WebSocket13FrameEncoder(true));
        upstream.pipeline().addBefore(before, "frame-aggregator", new WebSocketFrameAggregator(BYTES_MAX));
    }

    @Override
    void fromClient(Object part) {
        upstream.write(translate(part, true));
    }

    @Override
    void fromUpstream(Object part) {
        closed |= part instanceof CloseWebSocketFrame;
        front.write(translate(part, false));
    }

    private Object translate(Object part, boolean toTerminal) {
        if (!(part instanceof TextWebSocketFrame text)) {
            return part;
        }
        String said = text.text();
        text.release();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
        return new TextWebSocketFrame(toTerminal ? PtyWords.toTerminal(said) : PtyWords.toClient(said, millis));
    }

    @Override
    void upstreamGone() {
        end(new WebSocketCloseStatus(1011, "The service broke off"));
    }

    @Override
    void clientGone() {
        upstream.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    void drain() {
        end(WebSocketCloseStatus.SERVICE_RESTART);
    }

    private void end(WebSocketCloseStatus status) {
        if (!closed) {
            closed = true;
            front.write(new CloseWebSocketFrame(status));
        }
        front.close();
    }
}
