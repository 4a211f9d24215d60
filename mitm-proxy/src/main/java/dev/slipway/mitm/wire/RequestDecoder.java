package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * The codec's decoder behind {@link RequestHead}'s strict reading. A {@link Refusal} comes out in place of a head that it does not
 * accept, and nothing after it. After CONNECT it holds all bytes back until it is removed: they belong to the tunnel.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private boolean atHead = true;
    private boolean ended;
    private boolean tunnel;
    private long headSince;

    RequestDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(RequestHead.BYTES_MAX)
                .setMaxHeaderSize(RequestHead.BYTES_MAX)
                .setStrictLineParsing(true)
                .setValidateHeaders(true)
                .setMaxChunkSize(RequestHead.PIECE_BYTES_MAX)
                .setInitialBufferSize(256));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (ended) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (tunnel) {
            return;
        }
        if (atHead) {
            try {
                if (!RequestHead.complete(in)) {
                    headSince = headSince == 0 && in.isReadable() ? System.nanoTime() : headSince;
                    return;
                }
            } catch (Refusal refusal) {
                ended = true;
                in.skipBytes(in.readableBytes());
                out.add(refusal);
                return;
            }
            atHead = false;
            headSince = 0;
        }
        int before = out.size();
        super.decode(ctx, in, out);
        for (int i = before; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpRequest request && request.method().equals(HttpMethod.CONNECT)) {
                tunnel = true;
            }
            if (message instanceof LastHttpContent last && last.decoderResult().isSuccess()) {
                atHead = true;
            }
        }
    }

    /** How long the first bytes of a head have been waiting for the rest; 0 if there is nothing half read. */
    long headPendingNanos() {
        return headSince == 0 ? 0 : System.nanoTime() - headSince;
    }
}
