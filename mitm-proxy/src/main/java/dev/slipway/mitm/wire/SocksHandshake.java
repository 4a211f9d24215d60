package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SOCKS 5 (RFC 1928): CONNECT to a name or an address. BIND and UDP ASSOCIATE are answered with "command not supported". Where the socket
 * says who it is there is no authentication; else user and password are asked for (RFC 1929).
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class SocksHandshake extends ByteToMessageDecoder {
    private static final int VERSION = 5;
    private static final int CONNECT = 1;
    private static final int SUCCEEDED = 0;
    private static final int GENERAL_FAILURE = 1;
    private static final int NOT_ALLOWED = 2;
    private static final int HOST_UNREACHABLE = 4;
    private static final int COMMAND_NOT_SUPPORTED = 7;
    private static final int ADDRESS_TYPE_NOT_SUPPORTED = 8;
    private static final int METHOD_NONE = 0;
    private static final int METHOD_PASSWORD = 2;
    private static final int NO_METHOD = 0xff;
    private static final int PASSWORD_VERSION = 1;

    private enum Step {
        GREETING,
        PASSWORD,
        REQUEST,
        DECIDING,
        ENDED
    }

    private final Visitor visitor;
    private final ProxyServices services;
    private @Nullable Door door;
    private Step step = Step.GREETING;

    SocksHandshake(Visitor visitor, ProxyServices services) {
        this.visitor = visitor;
        this.services = services;
        this.door = visitor instanceof Visitor.Known(Door known) ? known : null;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (step) {
            case GREETING -> greeting(ctx, in);
            case PASSWORD -> password(ctx, in);
            case REQUEST -> request(ctx, in, whose());
            case DECIDING -> {
                // What follows belongs to the tunnel and waits in the buffer until it is open.
            }
            case ENDED -> in.skipBytes(in.readableBytes());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (step == Step.DECIDING) {
            // The decoder would ask for more bytes, since these have made no message, and keep all of them.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    private void greeting(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < 2 || in.readableBytes() < 2 + in.getUnsignedByte(in.readerIndex() + 1)) {
            return;
        }
        in.skipBytes(1);
        int methods = in.readUnsignedByte();
        int wanted = door == null ? METHOD_PASSWORD : METHOD_NONE;
        boolean offered = false;
        for (int i = 0; i < methods; i++) {
            offered |= in.readByte() == wanted;
        }
        if (offered) {
            step = door == null ? Step.PASSWORD : Step.REQUEST;
            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) wanted}));
        } else {
            step = Step.ENDED;
            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) NO_METHOD}))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void password(ChannelHandlerContext ctx, ByteBuf in) {
        int start = in.readerIndex();
        int userLength = in.readableBytes() < 2 ? 0 : in.getUnsignedByte(start + 1);
        if (in.readableBytes() < 3 + userLength
                || in.readableBytes() < 3 + userLength + in.getUnsignedByte(start + 2 + userLength)) {
            return;
        }
        int version = in.readUnsignedByte();
        in.skipBytes(1);
        String user = in.readString(userLength, StandardCharsets.UTF_8);
        String token = in.readString(in.readUnsignedByte(), StandardCharsets.UTF_8);
        door = version == PASSWORD_VERSION && visitor instanceof Visitor.Stranger(Gatekeeper gatekeeper)
                ? gatekeeper.admit(ctx.channel(), user, token).orElse(null)
                : null;
        if (door != null && door.enter(ctx.channel(), services.memory())) {
            step = Step.REQUEST;
            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {PASSWORD_VERSION, SUCCEEDED}));
        } else {
            if (door != null) {
                Entry.ofNonsense(door, services.log(), "socks").refused(Refusal.crowded());
            }
            turnAway(ctx);
        }
    }

    private void turnAway(ChannelHandlerContext ctx) {
        step = Step.ENDED;
        long delay =
                visitor instanceof Visitor.Stranger(Gatekeeper gatekeeper) ? gatekeeper.delayMillis(ctx.channel()) : 0;
        ctx.executor()
                .schedule(
                        () -> ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {PASSWORD_VERSION, GENERAL_FAILURE}))
                                .addListener(ChannelFutureListener.CLOSE),
                        delay,
                        TimeUnit.MILLISECONDS);
    }

    private Door whose() {
        if (door == null) {
            throw new IllegalStateException("socks: nobody's request (expected: after authentication)");
        }
        return door;
    }

    private void request(ChannelHandlerContext ctx, ByteBuf in, Door door) {
        int start = in.readerIndex();
        if (in.readableBytes() < 5) {
            return;
        }
        int type = in.getUnsignedByte(start + 3);
        int addressLength = switch (type) {
            case 1 -> 4;
            case 3 -> 1 + in.getUnsignedByte(start + 4);
            case 4 -> 16;
            default -> 0;
        };
        if (addressLength > 0 && in.readableBytes() < 4 + addressLength + 2) {
            return;
        }
        int version = in.readUnsignedByte();
        int command = in.readUnsignedByte();
        int reserved = in.readUnsignedByte();
        in.skipBytes(1);
        if (version != VERSION || reserved != 0) {
            refuseNonsense(ctx, door, GENERAL_FAILURE, "a SOCKS request of another version");
        } else if (command != CONNECT) {
            refuseNonsense(ctx, door, COMMAND_NOT_SUPPORTED, "a SOCKS command other than CONNECT");
        } else if (addressLength == 0) {
            refuseNonsense(ctx, door, ADDRESS_TYPE_NOT_SUPPORTED, "a SOCKS address of unknown type");
        } else {
            open(ctx, in, type, door);
        }
    }

    private void open(ChannelHandlerContext ctx, ByteBuf in, int type, Door door) {
        HostPort target;
        try {
            target = new HostPort(host(in, type), in.readUnsignedShort());
        } catch (MalformedHost malformed) {
            refuseNonsense(ctx, door, NOT_ALLOWED, String.valueOf(malformed.getMessage()));
            return;
        }
        step = Step.DECIDING;
        ctx.channel().config().setAutoRead(false);
        TunnelGate.open(door, services, target)
                .whenComplete((tunnel, failure) -> ctx.executor().execute(() -> {
                    if (failure != null) {
                        Refusal refusal = Failures.refusal(target, failure);
                        Entry.ofTunnel(door, services.log(), "socks", target).refused(refusal);
                        reply(ctx, code(refusal));
                    } else if (ctx.channel().isActive()) {
                        ctx.writeAndFlush(replyOf(SUCCEEDED));
                        ctx.pipeline().addLast("tunnel", tunnel);
                        // Before the bytes that came together with the request, which may have to wait again.
                        ctx.channel().config().setAutoRead(true);
                        ctx.pipeline().remove(this);
                    }
                }));
    }

    private static int code(Refusal refusal) {
        return switch (refusal.status()) {
            case 403 -> NOT_ALLOWED;
            case 503 -> GENERAL_FAILURE;
            default -> HOST_UNREACHABLE;
        };
    }

    private static HostName host(ByteBuf in, int type) {
        byte[] address = new byte[type == 3 ? in.readUnsignedByte() : type == 1 ? 4 : 16];
        in.readBytes(address);
        return type == 3 ? HostName.parse(new String(address, StandardCharsets.ISO_8859_1)) : HostName.of(address);
    }

    private void refuseNonsense(ChannelHandlerContext ctx, Door door, int code, String what) {
        Entry.ofNonsense(door, services.log(), "socks").refused(Refusal.badRequest(what));
        reply(ctx, code);
    }

    private void reply(ChannelHandlerContext ctx, int code) {
        step = Step.ENDED;
        ctx.writeAndFlush(replyOf(code)).addListener(ChannelFutureListener.CLOSE);
    }

    private static ByteBuf replyOf(int code) {
        return Unpooled.wrappedBuffer(new byte[] {VERSION, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
