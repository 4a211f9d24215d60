package dev.slipway.gateway.door;

import dev.slipway.gateway.wire.Exchange;
import dev.slipway.gateway.wire.Front;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.util.ReferenceCountUtil;

/** An answer that is there as a whole. It is sent when the request has been read. */
final class Prepared implements Exchange {
    private final Front front;
    private final FullHttpResponse answer;
    private boolean sent;

    Prepared(Front front, FullHttpResponse answer) {
        this.front = front;
        this.answer = answer;
    }

    @Override
    public void received(Object part) {
        ReferenceCountUtil.release(part);
    }

    @Override
    public void readComplete() {
        if (!sent) {
            sent = true;
            front.write(answer);
            front.finished();
        }
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void clientGone() {
        if (!sent) {
            sent = true;
            answer.release();
        }
    }
}
