package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The start of each connection: one byte tells SOCKS 5, SOCKS 4 and HTTP apart. Replaces itself by what it found. */
@SuppressWarnings("FutureReturnValueIgnored")
public final class FirstBytes extends ByteToMessageDecoder {
    private static final long DEADLINE_SECONDS = 30;
    /** "Request rejected or failed", in the words of SOCKS 4. */
    private static final byte[] SOCKS4_REJECTED = {0, 0x5b, 0, 0, 0, 0, 0, 0};

    private final Door door;
    private final ProxyServices services;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean counted;

    /** A connection through this door. */
    public FirstBytes(Door door, ProxyServices services) {
        this.door = door;
        this.services = services;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), DEADLINE_SECONDS, TimeUnit.SECONDS);
        counted = door.enter();
        if (counted) {
            ctx.channel().closeFuture().addListener(_ -> door.leave());
        } else {
            ctx.close();
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!in.isReadable()) {
            return;
        }
        byte first = in.getByte(in.readerIndex());
        if (first == 5) {
            ctx.pipeline().addLast("socks", new SocksHandshake(door, services));
            ctx.pipeline().remove(this);
        } else if (first == 4) {
            refuse(ctx, in, "SOCKS 4 (expected: SOCKS 5)", SOCKS4_REJECTED);
        } else if ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\r') {
            HttpFront.install(ctx.pipeline(), door, services, new Arrival.Open());
            ctx.pipeline().remove(this);
        } else {
            refuse(ctx, in, "neither HTTP nor SOCKS", new byte[0]);
        }
    }

    private void refuse(ChannelHandlerContext ctx, ByteBuf in, String what, byte[] answer) {
        in.skipBytes(in.readableBytes());
        Entry.ofNonsense(door, services.log(), "unknown").refused(Refusal.badRequest(what));
        ctx.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
