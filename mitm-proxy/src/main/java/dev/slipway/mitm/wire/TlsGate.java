package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.MalformedHost;
import dev.slipway.mitm.authority.Leaf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the name in a ClientHello, which must be the one that the tunnel was opened to, and answers with a certificate for it. A client
 * that names no host gets the tunnel's; with an encrypted hello its outer name counts, and the proxy declines the inner one.
 * TLS to a host that the operator passes through goes on as it is.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class TlsGate extends AbstractSniHandler<Leaf> {
    private static final int HELLO_BYTES_MAX = 64 * 1024;
    private static final long HELLO_MILLIS = 15_000;
    /** A TLS record with a fatal alert, unrecognized_name (RFC 6066, section 3). */
    private static final byte[] UNRECOGNIZED_NAME = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70};

    private final Door door;
    private final ProxyServices services;
    private final HostPort target;
    private boolean passing;
    private boolean refused;

    TlsGate(Door door, ProxyServices services, HostPort target) {
        super(HELLO_BYTES_MAX, HELLO_MILLIS);
        this.door = door;
        this.services = services;
        this.target = target;
    }

    @Override
    protected Future<Leaf> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
        if (serverName != null && !isTarget(serverName)) {
            return ctx.executor()
                    .newFailedFuture(Refusal.forbidden(
                            "The connection was opened to " + target + ", the TLS handshake names another host"));
        }
        if (services.operator().passesThrough(target)) {
            passing = true;
            return ctx.executor().newFailedFuture(new IllegalStateException("tls: not to be intercepted"));
        }
        try {
            return ctx.executor().newSucceededFuture(services.leaves().leafFor(target.host()));
        } catch (IOException | GeneralSecurityException | RuntimeException failure) {
            return ctx.executor().newFailedFuture(failure);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (passing) {
            // The decoder would ask for more bytes, since these have made no message, and keep all of them.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    private boolean isTarget(String serverName) {
        try {
            return HostName.parse(serverName).equals(target.host());
        } catch (MalformedHost malformed) {
            return false;
        }
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String serverName, Future<Leaf> found) {
        if (refused || ctx.isRemoved()) {
            // The client left meanwhile, or was refused. The client's next bytes come here too, as long as its
            // connection is being closed.
            return;
        }
        if (passing) {
            refused = true;
            RawTunnel.start(ctx, this, door, services, target, "pass-through");
            return;
        }
        if (!found.isSuccess()) {
            refused = true;
            Refusal refusal = found.cause() instanceof Refusal given
                    ? given
                    : Refusal.unavailable("No certificate could be made for " + target.host());
            Entry.ofTunnel(door, services.log(), "https", target).refused(refusal);
            ctx.writeAndFlush(Unpooled.wrappedBuffer(UNRECOGNIZED_NAME)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ctx.pipeline().addLast("alpn", new AfterHandshake(door, services, target));
        ctx.pipeline().replace(this, "tls", found.getNow().newHandler(ctx.alloc()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
