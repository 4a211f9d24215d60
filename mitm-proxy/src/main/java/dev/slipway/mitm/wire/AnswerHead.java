package dev.slipway.mitm.wire;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * A server's head as the client gets it: without what was meant for the server's connection, framed as the client can read it.
 *
 * @param head what is sent to the client
 * @param endsWithConnection whether the body ends where the server's connection does
 * @param keepAlive whether the client's connection lives on after this answer
 */
record AnswerHead(HttpResponse head, boolean endsWithConnection, boolean keepAlive) {
    /** What the client is and asked, as far as it shapes the answer. */
    record Asker(HttpMethod method, boolean speaks10, boolean isStream, boolean keepAlive) {}

    static AnswerHead of(HttpResponse response, Asker asker) {
        int status = response.status().code();
        boolean bodiless = asker.method.equals(HttpMethod.HEAD) || status == 204 || status == 304;
        boolean chunked = HttpUtil.isTransferEncodingChunked(response);
        // On a stream of HTTP/2 a head may be all that there is; elsewhere what says no length ends with the
        // connection.
        boolean onlyHead = response instanceof FullHttpResponse;
        boolean unframed = !bodiless && !chunked && !HttpUtil.isContentLengthSet(response);
        boolean endsWithConnection = unframed && !onlyHead;
        boolean keepAlive = asker.keepAlive;
        var answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), response.headers());
        Headers.removeHopByHop(answer.headers(), false);
        // Another way to the same host would be a way around the proxy.
        answer.headers().remove("Alt-Svc");
        if (asker.speaks10 && (chunked || endsWithConnection)) {
            answer.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
            keepAlive = false;
        } else if (endsWithConnection && !asker.isStream) {
            HttpUtil.setTransferEncodingChunked(answer, true);
        } else if (unframed && !asker.isStream) {
            HttpUtil.setContentLength(answer, 0);
        }
        if (!keepAlive && !asker.isStream) {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (asker.speaks10) {
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return new AnswerHead(answer, endsWithConnection, keepAlive);
    }

    /** An informational answer (100, 103), which says nothing of the body to come. */
    static HttpResponse early(HttpResponse response) {
        var early = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, response.status(), Unpooled.EMPTY_BUFFER);
        early.headers().set(response.headers());
        Headers.removeHopByHop(early.headers(), false);
        return early;
    }
}
