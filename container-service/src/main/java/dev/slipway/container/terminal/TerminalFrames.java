package dev.slipway.container.terminal;

import io.micronaut.serde.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes to a viewer, and waits until he has taken it: one who is slow slows nobody but himself. */
final class TerminalFrames {
    /** The closing status for a shell that ended (RFC 6455, section 7.4.1). */
    static final int ENDED = 1000;

    /** For a sandbox that went away. */
    static final int GONE = 1001;

    /** For something that broke. */
    static final int BROKEN = 1011;

    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(60);

    private final Channel channel;
    private final ObjectMapper json;

    TerminalFrames(Channel channel, ObjectMapper json) {
        this.channel = channel;
        this.json = json;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    void output(byte[] bytes, long seq) throws IOException, InterruptedException {
        Map<String, Object> frame = frame("output");
        frame.put("data", new String(bytes, StandardCharsets.UTF_8));
        frame.put("seq", seq);
        send(text(frame));
    }

    void binary(byte[] bytes) throws IOException, InterruptedException {
        send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
    }

    void error(String sentence) throws IOException, InterruptedException {
        Map<String, Object> frame = frame("error");
        frame.put("data", sentence);
        send(text(frame));
    }

    void exit(@Nullable Integer code) throws IOException, InterruptedException {
        Map<String, Object> frame = frame("exit");
        frame.put("code", code);
        send(text(frame));
    }

    /** Lets the viewer send more. */
    void more() {
        channel.read();
    }

    /** Says goodbye. */
    void close(int status, String reason) {
        channel.writeAndFlush(new CloseWebSocketFrame(status, reason)).addListener(ChannelFutureListener.CLOSE);
    }

    private void send(WebSocketFrame frame) throws IOException, InterruptedException {
        ChannelFuture written = channel.writeAndFlush(frame);
        if (!written.await(TAKEN_WITHIN.toMillis()) || !written.isSuccess()) {
            channel.close();
            throw new IOException("the viewer has gone, or takes nothing");
        }
    }

    private WebSocketFrame text(Map<String, Object> frame) throws IOException {
        return new TextWebSocketFrame(Unpooled.wrappedBuffer(json.writeValueAsBytes(frame)));
    }

    private static Map<String, Object> frame(String type) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", type);
        return frame;
    }
}
