package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stream whose head has a method or a path that none can be (RFC 9113, section 8.1.1). The codec behind it would find that out only
 * after it has allocated a buffer for the body, and lose it.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamHead extends ChannelInboundHandlerAdapter {
    private final Door door;
    private final ProxyServices services;
    private final HostPort target;
    private final Runnable taken;
    private boolean ended;

    /** The first handler of a stream; {@code taken} runs for each piece of its body that is read. */
    StreamHead(Door door, ProxyServices services, HostPort target, Runnable taken) {
        this.door = door;
        this.services = services;
        this.target = target;
        this.taken = taken;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean piece = message instanceof Http2DataFrame;
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http2HeadersFrame frame && isMalformed(frame.headers())) {
            ended = true;
            ReferenceCountUtil.release(message);
            Entry.ofTunnel(door, services.log(), "https", target)
                    .refused(Refusal.badRequest("the method or the path of the request is none"));
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR))
                    .addListener(ChannelFutureListener.CLOSE);
        } else {
            ctx.fireChannelRead(message);
        }
        if (piece) {
            taken.run();
        }
    }

    /** A head without a method has trailers in it, or is refused by the codec. */
    private static boolean isMalformed(Http2Headers headers) {
        return headers.method() != null && !(isToken(headers.method()) && isTarget(headers.path()));
    }

    private static boolean isToken(CharSequence method) {
        return !method.isEmpty()
                && method.chars()
                        .allMatch(c -> (c >= 'A' && c <= 'Z')
                                || (c >= 'a' && c <= 'z')
                                || (c >= '0' && c <= '9')
                                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private static boolean isTarget(@Nullable CharSequence path) {
        return path != null && !path.isEmpty() && path.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }
}
