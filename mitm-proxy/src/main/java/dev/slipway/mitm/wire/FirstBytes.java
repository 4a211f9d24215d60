package dev.slipway.mitm.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
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

    /** "No acceptable methods", in the words of SOCKS 5. */
    private static final byte[] SOCKS5_REJECTED = {5, (byte) 0xff};

    private final Visitor visitor;
    private final ProxyServices services;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean crowded;

    /** The beginning of this visitor's connection. */
    public FirstBytes(Visitor visitor, ProxyServices services) {
        this.visitor = visitor;
        this.services = services;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), DEADLINE_SECONDS, TimeUnit.SECONDS);
        boolean entered = switch (visitor) {
            case Visitor.Known(Door door) -> door.enter(ctx.channel(), services.memory());
            case Visitor.Stranger(Gatekeeper gatekeeper) -> gatekeeper.enter();
        };
        if (!entered && !turnedAway(ctx)) {
            ctx.close();
        } else if (visitor instanceof Visitor.Stranger(Gatekeeper gatekeeper)) {
            ctx.channel().closeFuture().addListener(_ -> gatekeeper.leave());
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
        if (crowded) {
            turnAway(ctx, in, first);
        } else if (first == 5) {
            ctx.pipeline().addLast("socks", new SocksHandshake(visitor, services));
            ctx.pipeline().remove(this);
        } else if (first == 4) {
            refuse(ctx, in, "SOCKS 4 (expected: SOCKS 5)", SOCKS4_REJECTED);
        } else if ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z') || first == '\r') {
            http(ctx.pipeline());
            ctx.pipeline().remove(this);
        } else {
            refuse(ctx, in, "neither HTTP nor SOCKS", new byte[0]);
        }
    }

    /** A few of those who may not enter are told why; the rest find their connections closed. */
    private boolean turnedAway(ChannelHandlerContext ctx) {
        crowded = visitor instanceof Visitor.Known(Door door) && door.turnAway(ctx.channel());
        return crowded;
    }

    private void turnAway(ChannelHandlerContext ctx, ByteBuf in, byte first) {
        in.skipBytes(in.readableBytes());
        if (visitor instanceof Visitor.Known(Door door)) {
            Entry.ofNonsense(door, services.log(), "unknown").refused(Refusal.crowded());
        }
        if (first == 5) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(SOCKS5_REJECTED)).addListener(ChannelFutureListener.CLOSE);
        } else {
            ctx.pipeline().addFirst("encoder", new ResponseEncoder());
            ctx.pipeline().writeAndFlush(Problem.of(Refusal.crowded(), false)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void http(ChannelPipeline pipeline) {
        switch (visitor) {
            case Visitor.Known(Door door) -> HttpFront.install(pipeline, door, services, new Arrival.Open());
            case Visitor.Stranger(Gatekeeper gatekeeper) -> HttpAdmission.install(pipeline, gatekeeper, services);
        }
    }

    private void refuse(ChannelHandlerContext ctx, ByteBuf in, String what, byte[] answer) {
        in.skipBytes(in.readableBytes());
        if (visitor instanceof Visitor.Known(Door door)) {
            Entry.ofNonsense(door, services.log(), "unknown").refused(Refusal.badRequest(what));
        }
        ctx.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
