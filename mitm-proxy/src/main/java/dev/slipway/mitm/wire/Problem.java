package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** A refusal as an answer: problem details (RFC 9457) in JSON. */
final class Problem {
    private static final String TYPES = "https://slipway.dev/problems/";

    private Problem() {}

    static FullHttpResponse of(Refusal refusal, boolean keepAlive) {
        String json = "{\"type\":\"" + TYPES + refusal.type() + "\",\"title\":\"" + escaped(refusal.title())
                + "\",\"status\":" + refusal.status() + ",\"detail\":\"" + escaped(refusal.detail()) + "\",\"error\":\""
                + escaped(refusal.detail()) + "\"}\n";
        ByteBuf body = ByteBufUtil.writeUtf8(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, json);
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(refusal.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        if (refusal.status() == 407) {
            response.headers().set(HttpHeaderNames.PROXY_AUTHENTICATE, "Basic realm=\"slipway\", charset=\"UTF-8\"");
        }
        if (refusal.status() == 426) {
            response.headers().set(HttpHeaderNames.UPGRADE, "HTTP/1.1");
        }
        if (refusal.status() == 503 || refusal.status() == 429) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, "2");
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    /** Informational answers carry no body. */
    static FullHttpResponse empty(HttpResponseStatus status) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.toString();
    }
}
