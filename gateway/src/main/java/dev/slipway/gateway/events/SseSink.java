package dev.slipway.gateway.events;

import dev.slipway.gateway.wire.Front;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Server-sent events (the HTML standard, section 9.2). */
final class SseSink implements EventSink {
    private static final byte[] HEARTBEAT = ": heartbeat\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] RETRY = "retry: 1000\n".getBytes(StandardCharsets.UTF_8);
    private static final int COME_BACK_MILLIS_MIN = 500;
    private static final int COME_BACK_MILLIS_MAX = 5_000;

    private final Front front;

    SseSink(Front front) {
        this.front = front;
    }

    @Override
    public void begin() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform")
                .set("X-Accel-Buffering", "no");
        HttpUtil.setTransferEncodingChunked(head, true);
        front.write(head);
        send(RETRY);
    }

    @Override
    public void event(EventFrame frame) {
        send(frame.sse());
    }

    @Override
    public void event(String id, String name, byte[] body) {
        send(EventFrames.sse(id, name, body));
    }

    @Override
    public void heartbeat() {
        send(HEARTBEAT);
    }

    @Override
    public void flush() {
        front.flush();
    }

    @Override
    public void end(Ending ending) {
        if (ending == Ending.RESTART) {
            // Not all viewers in the same moment.
            int millis = ThreadLocalRandom.current().nextInt(COME_BACK_MILLIS_MIN, COME_BACK_MILLIS_MAX);
            send(("retry: " + millis + "\n\n").getBytes(StandardCharsets.UTF_8));
        }
        front.write(LastHttpContent.EMPTY_LAST_CONTENT);
        front.close();
    }

    private void send(byte[] frame) {
        front.write(new DefaultHttpContent(Unpooled.wrappedBuffer(frame)));
    }
}
