package dev.slipway.gateway.events;

import dev.slipway.gateway.wire.Front;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A WebSocket (RFC 6455); each event is one text message {@code {event,id,data}}. */
final class SocketSink implements EventSink {
    /** What a client may say at most. */
    private static final int MESSAGE_BYTES_MAX = 64 * 1024;

    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Front front;
    private final String key;

    SocketSink(Front front, HttpRequest request) {
        this.front = front;
        this.key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
    }

    /** Whether a request asks for a WebSocket of the one version that there is. */
    static boolean isAskedFor(HttpRequest request) {
        return request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                && "13".equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
    }

    @Override
    public void begin() {
        FullHttpResponse head = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        head.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
        front.write(head);
        front.upgradedToFrames(MESSAGE_BYTES_MAX);
    }

    @Override
    public void event(EventFrame frame) {
        event(frame.position().toString(), frame.type(), frame.body());
    }

    @Override
    public void event(String id, String name, byte[] body) {
        byte[] head = ("{\"event\":\"" + name + "\",\"id\":\"" + id + "\",\"data\":").getBytes(StandardCharsets.UTF_8);
        front.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(head, body, new byte[] {'}'})));
    }

    @Override
    public void heartbeat() {
        // A browser's script sees no ping, and wants a sign of life too.
        front.write(new PingWebSocketFrame());
        front.write(new TextWebSocketFrame("{\"event\":\"heartbeat\"}"));
    }

    @Override
    public void flush() {
        front.flush();
    }

    @Override
    public void end(Ending ending) {
        front.write(new CloseWebSocketFrame(
                switch (ending) {
                    case SLOW -> WebSocketCloseStatus.TRY_AGAIN_LATER;
                    case NOT_ALLOWED -> WebSocketCloseStatus.POLICY_VIOLATION;
                    case RESTART -> WebSocketCloseStatus.SERVICE_RESTART;
                }));
        front.close();
    }

    private static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1: missing (expected: in every Java runtime)", e);
        }
    }
}
