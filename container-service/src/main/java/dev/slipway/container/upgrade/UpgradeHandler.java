package dev.slipway.container.upgrade;

import dev.slipway.container.upgrade.UpgradeRoute.Upgraded;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;

/**
 * Sits behind the HTTP codec and takes a request for an upgrade of ours, and with it the connection, from the framework. All
 * others pass. A client sends nothing more before its request is answered (RFC 6455, section 4.1), so nothing is kept.
 */
final class UpgradeHandler extends ChannelInboundHandlerAdapter {
    private final UpgradeGate gate;
    private boolean taken;

    UpgradeHandler(UpgradeGate gate) {
        this.gate = gate;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (taken) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request && gate.wants(request)) {
            taken = true;
            FullHttpRequest whole = new DefaultFullHttpRequest(
                    request.protocolVersion(),
                    request.method(),
                    request.uri(),
                    Unpooled.EMPTY_BUFFER,
                    request.headers().copy(),
                    EmptyHttpHeaders.INSTANCE);
            ReferenceCountUtil.release(message);
            Thread.ofVirtual().name("upgrade").start(() -> prepare(context, whole));
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!taken) {
            context.fireChannelReadComplete();
        }
    }

    private void prepare(ChannelHandlerContext context, FullHttpRequest request) {
        try {
            Upgraded upgraded = gate.prepare(request);
            context.executor().execute(() -> handOver(context, upgraded));
        } catch (RuntimeException e) {
            context.writeAndFlush(gate.refusal(e)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void handOver(ChannelHandlerContext context, Upgraded upgraded) {
        ChannelPipeline pipeline = context.pipeline();
        for (String name : pipeline.names()) {
            ChannelHandler handler = pipeline.get(name);
            if (handler != null && handler != this && !(handler instanceof HttpServerCodec)) {
                pipeline.remove(handler);
            }
        }
        context.channel().config().setAutoRead(false);
        upgraded.take(context);
        pipeline.remove(this);
    }
}
