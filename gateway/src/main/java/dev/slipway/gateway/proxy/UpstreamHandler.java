package dev.slipway.gateway.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** The end of an upstream connection's pipeline: hands everything to its listener, and closes what speaks unasked. */
final class UpstreamHandler extends ChannelInboundHandlerAdapter {
    private @Nullable UpstreamListener listener;

    void serve(@Nullable UpstreamListener next) {
        listener = next;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        if (listener == null) {
            ReferenceCountUtil.release(part);
            context.close();
        } else {
            listener.upstreamReceived(part);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (listener != null) {
            listener.upstreamReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (listener != null) {
            listener.upstreamWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        UpstreamListener last = listener;
        listener = null;
        if (last != null) {
            last.upstreamGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
