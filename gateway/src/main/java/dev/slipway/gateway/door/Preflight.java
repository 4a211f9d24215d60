package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;

/** A browser asks whether a page of another origin may send a request (CORS). */
final class Preflight implements Exchange {
    private final Front front;
    private final boolean allowed;
    private boolean answered;

    Preflight(Front front, boolean allowed) {
        this.front = front;
        this.allowed = allowed;
    }

    static boolean is(Knock knock) {
        return knock.method().equals("OPTIONS")
                && knock.one("Origin").isPresent()
                && knock.one("Access-Control-Request-Method").isPresent();
    }

    @Override
    public void received(Object part) {
        ReferenceCountUtil.release(part);
    }

    @Override
    public void readComplete() {
        if (answered) {
            return;
        }
        answered = true;
        if (!allowed) {
            front.refuse(ProblemException.of(
                    HttpStatus.FORBIDDEN, "foreign-origin", "Pages of this origin may not call. See CORS_ORIGINS."));
            return;
        }
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        answer.headers()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE")
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                        "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id, traceparent")
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "600");
        front.write(answer);
        front.finished();
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void clientGone() {}
}
