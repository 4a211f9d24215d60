package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts small pieces of a body together while their stream does not take them. HTTP/2's window bounds the bytes that wait for a stream and not the number
 * of pieces, and a piece of one byte takes a hundred times as much here: a single connection could fill the memory. Stands between the codec
 * and the streams of a client's connection.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class SmallPieces extends ChannelInboundHandlerAdapter {
    /** As much is put together; pieces of at least a quarter of it wait as they are. */
    static final int TOGETHER_BYTES_MAX = 16 * 1024;

    private static final int TOGETHER_BYTES_FIRST = 1024;

    /** What a stream has not taken. */
    private static final class Waiting {
        final Http2FrameStream stream;
        int passedOn;

        @Nullable
        ByteBuf together;

        Waiting(Http2FrameStream stream) {
            this.stream = stream;
        }
    }

    private final IntObjectMap<Waiting> streams = new IntObjectHashMap<>();
    private @Nullable ChannelHandlerContext context;
    private boolean reading;
    private boolean ending;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** A stream has begun, which tells what it {@linkplain #taken takes}. */
    void watch(Http2StreamChannel channel) {
        Http2FrameStream stream = channel.stream();
        streams.put(stream.id(), new Waiting(stream));
        channel.closeFuture().addListener(_ -> {
            Waiting left = streams.remove(stream.id());
            if (left != null && left.together != null) {
                left.together.release();
            }
        });
    }

    /** The stream has taken a piece, and its handlers have seen it. */
    void taken(int streamId) {
        Waiting its = streams.get(streamId);
        if (its != null && its.passedOn > 0 && --its.passedOn == 0) {
            passOn(its, false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        if (message instanceof Http2UnknownFrame) {
            // No window bounds these, and nobody here would do anything with them (RFC 9113, section 5.5).
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof Http2DataFrame piece && piece.stream() != null) {
            Waiting its = streams.get(piece.stream().id());
            if (its != null && its.passedOn > 0 && piece.content().readableBytes() < TOGETHER_BYTES_MAX / 4) {
                putTogether(ctx, its, piece);
                return;
            }
            if (its != null) {
                passOn(its, false);
                its.passedOn++;
            }
        } else if (message instanceof Http2HeadersFrame trailers && trailers.stream() != null) {
            Waiting its = streams.get(trailers.stream().id());
            if (its != null) {
                passOn(its, false);
            }
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        ctx.fireChannelReadComplete();
    }

    /** What is passed on between two reads is the beginning of one to the streams, which write nothing out until they hear of its end. */
    private void endReading(ChannelHandlerContext ctx) {
        ending = false;
        if (!reading && !ctx.isRemoved()) {
            ctx.fireChannelReadComplete();
            ctx.flush();
        }
    }

    private void putTogether(ChannelHandlerContext ctx, Waiting its, Http2DataFrame piece) {
        try {
            if (its.together == null) {
                its.together = ctx.alloc().buffer(TOGETHER_BYTES_FIRST, TOGETHER_BYTES_MAX);
            }
            its.together.writeBytes(piece.content());
            if (piece.padding() > 0) {
                // Nobody waits for it to be taken.
                ctx.write(new DefaultHttp2WindowUpdateFrame(piece.padding()).stream(its.stream));
            }
            if (piece.isEndStream() || its.together.readableBytes() > TOGETHER_BYTES_MAX * 3 / 4) {
                passOn(its, piece.isEndStream());
            }
        } finally {
            piece.release();
        }
    }

    private void passOn(Waiting its, boolean end) {
        ByteBuf together = its.together;
        ChannelHandlerContext ctx = context;
        if (together != null && ctx != null) {
            its.together = null;
            its.passedOn++;
            if (!reading && !ending) {
                ending = true;
                ctx.executor().execute(() -> endReading(ctx));
            }
            ctx.fireChannelRead(new DefaultHttp2DataFrame(together, end).stream(its.stream));
        }
    }
}
