package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes inside a tunnel: TLS is intercepted, HTTP is treated as such, anything else passes only where a rule names the host and
 * the port. Replaces itself by what it found.
 */
final class TunnelStart extends ByteToMessageDecoder {
    private static final int METHOD_LENGTH_MAX = 16;
    private static final long FIRST_BYTES_SECONDS = 30;
    /** In some protocols the server speaks first: after that much silence the tunnel is opened, where it may be. */
    private static final long SILENCE_MILLIS = 300;

    private enum Kind {
        TLS,
        HTTP,
        HTTP2_PLAIN,
        OTHER,
        UNKNOWN
    }

    private final Door door;
    private final ProxyServices services;
    private final HostPort target;
    private final String rule;
    private final boolean raw;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean opening;

    TunnelStart(Door door, ProxyServices services, HostPort target, String rule, boolean raw) {
        this.door = door;
        this.services = services;
        this.target = target;
        this.rule = rule;
        this.raw = raw;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = raw
                ? ctx.executor().schedule(() -> startRaw(ctx), SILENCE_MILLIS, TimeUnit.MILLISECONDS)
                : ctx.executor().schedule(() -> close(ctx), FIRST_BYTES_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!in.isReadable() || opening) {
            return;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        switch (kindOf(in)) {
            case UNKNOWN -> {}
            case TLS -> {
                pipeline.addLast("sni", new TlsGate(door, services, target));
                pipeline.remove(this);
            }
            case HTTP -> {
                HttpFront.install(pipeline, door, services, new Arrival.Tunnel(target, false));
                pipeline.remove(this);
            }
            case HTTP2_PLAIN -> refuse(ctx, in, "HTTP/2 without TLS");
            case OTHER -> {
                if (raw) {
                    startRaw(ctx);
                } else {
                    refuse(ctx, in, "bytes that are neither TLS nor HTTP, to a host that is allowed without a port");
                }
            }
        }
    }

    private static Kind kindOf(ByteBuf in) {
        int start = in.readerIndex();
        if (in.getByte(start) == 0x16) {
            return Kind.TLS;
        }
        for (int i = 0; i < Math.min(in.readableBytes(), METHOD_LENGTH_MAX); i++) {
            byte b = in.getByte(start + i);
            if (b == ' ' && i > 2) {
                return in.getByte(start) == 'P' && in.getByte(start + 2) == 'I' ? Kind.HTTP2_PLAIN : Kind.HTTP;
            }
            if (b < 'A' || b > 'Z') {
                return Kind.OTHER;
            }
        }
        return in.readableBytes() < METHOD_LENGTH_MAX ? Kind.UNKNOWN : Kind.OTHER;
    }

    private void startRaw(ChannelHandlerContext ctx) {
        if (!ctx.isRemoved() && !opening) {
            opening = true;
            RawTunnel.start(ctx, this, door, services, target, rule);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (opening) {
            // The decoder would ask for more bytes, since these have made no message, and keep all of them.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    private void refuse(ChannelHandlerContext ctx, ByteBuf in, String what) {
        in.skipBytes(in.readableBytes());
        Entry.ofTunnel(door, services.log(), "tcp", target).refused(Refusal.forbidden(what));
        close(ctx);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }
}
