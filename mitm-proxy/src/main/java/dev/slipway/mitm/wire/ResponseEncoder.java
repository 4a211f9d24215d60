package dev.slipway.mitm.wire;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** The codec's encoder, told which method it answers: an answer to HEAD has a length but no body. */
final class ResponseEncoder extends HttpResponseEncoder {
    private boolean head;

    void answering(HttpMethod method) {
        head = method.equals(HttpMethod.HEAD);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return head || super.isContentAlwaysEmpty(response);
    }
}
