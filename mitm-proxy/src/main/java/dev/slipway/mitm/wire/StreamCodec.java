package dev.slipway.mitm.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
import java.util.List;

/**
 * The codec of a client's stream, with requests that end with their head made without a buffer: the codec's own way allocates one first, and loses it
 * where the head turns out to be malformed.
 */
final class StreamCodec extends Http2StreamFrameToHttpObjectCodec {
    StreamCodec() {
        super(true);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, Http2StreamFrame frame, List<Object> out) throws Exception {
        if (!(frame instanceof Http2HeadersFrame head)
                || !head.isEndStream()
                || head.headers().method() == null) {
            super.decode(ctx, frame, out);
            return;
        }
        Http2Headers headers = head.headers();
        var request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(String.valueOf(headers.method())),
                String.valueOf(headers.path()),
                Unpooled.EMPTY_BUFFER);
        var stream = head.stream();
        HttpConversionUtil.addHttp2ToHttpHeaders(
                stream == null ? 0 : stream.id(), headers, request.headers(), HttpVersion.HTTP_1_1, false, true);
        out.add(request);
    }
}
