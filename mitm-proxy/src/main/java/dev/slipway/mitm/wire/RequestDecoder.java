package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec's decoder behind {@link RequestHead}'s strict reading. A {@link Refusal} comes out in place of a head that it does not
 * accept, and nothing after it. After CONNECT it holds all bytes back until it is removed: they belong to the tunnel. While nobody takes
 * messages, bytes stay bytes: as messages, requests and pieces of a few bytes each would take many times the memory.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private boolean atHead = true;
    private boolean ended;
    private boolean tunnel;
    private long headSince;
    private boolean paused;
    private boolean heldBack;
    private @Nullable ChannelHandlerContext context;

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
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
    }

    /** Makes no more messages; the one that is being made is the last. */
    void pause() {
        paused = true;
        // The client is not slow while it is not read.
        headSince = 0;
    }

    /** Makes messages again, of what was held back first, once the present call has returned. */
    void resume() {
        paused = false;
        ChannelHandlerContext ctx = context;
        if (heldBack && ctx != null) {
            heldBack = false;
            ctx.executor().execute(() -> goOn(ctx));
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return;
        }
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
            channelReadComplete(ctx);
        } catch (Exception failed) {
            ctx.fireExceptionCaught(failed);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (paused) {
            // The decoder would ask for more bytes, since these have made no message.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
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
        if (paused) {
            heldBack |= in.isReadable();
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
