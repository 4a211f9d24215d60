package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongConsumer;

/**
 * Passes bytes to the other channel as they come, no faster than it takes them. The end of one direction is passed on as such where both
 * channels can say it, since some protocols answer only after their input has ended.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Relay extends ChannelInboundHandlerAdapter {
    /** What waits for a side: less than for answers, since that may be so in both directions. */
    static final WriteBufferWaterMark WAITING = WriteBufferWaterMark.DEFAULT;

    private final Channel peer;
    private final LongConsumer passed;
    private final Runnable ended;
    private final MemoryLimit.Share held;

    /**
     * Relays to {@code peer}, counting into {@code passed}; runs {@code ended} once when this channel closes. What this channel does not take
     * counts as held by the session.
     */
    Relay(Channel peer, LongConsumer passed, Runnable ended, Door door, MemoryLimit memory) {
        this.peer = peer;
        this.passed = passed;
        this.ended = ended;
        this.held = memory.shareOf(door);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setWriteBufferWaterMark(WAITING);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || !peer.isActive()) {
            ReferenceCountUtil.release(message);
            return;
        }
        passed.accept(bytes.readableBytes());
        peer.write(bytes);
        if (!peer.isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        peer.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        peer.config().setAutoRead(ctx.channel().isWritable());
        held.set(MemoryLimit.waitingIn(ctx.channel()));
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && peer instanceof DuplexChannel duplex) {
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> duplex.shutdownOutput());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        held.set(0);
        ended.run();
        peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
