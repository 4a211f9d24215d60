package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;

/** A tunnel whose bytes the proxy does not understand; no credential is ever put into one. */
@SuppressWarnings("FutureReturnValueIgnored")
final class RawTunnel {
    private RawTunnel() {}

    /** Opens the far side and puts a relay in place of {@code start}, which hands over what it has read. */
    static void start(
            ChannelHandlerContext ctx,
            ChannelHandler start,
            Door door,
            ProxyServices services,
            HostPort target,
            String rule) {
        Entry entry = Entry.ofTunnel(door, services.log(), "tcp", target);
        entry.rule(rule);
        Channel client = ctx.channel();
        client.config().setAutoRead(false);
        Way way = Ways.to(door, services.upstreams(), target, false);
        services.pool().openRaw(client.eventLoop(), way).addListener((Future<Channel> opened) -> {
            if (!opened.isSuccess()) {
                entry.refused(Failures.refusal(target, opened.cause()));
                client.close();
            } else if (!client.isActive() || ctx.isRemoved()) {
                opened.getNow().close();
            } else {
                join(ctx, start, opened.getNow(), entry, door, services.memory());
            }
        });
    }

    private static void join(
            ChannelHandlerContext ctx,
            ChannelHandler start,
            Channel upstream,
            Entry entry,
            Door door,
            MemoryLimit memory) {
        Channel client = ctx.channel();
        Runnable ended = () -> entry.allowed(null, null);
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        upstream.pipeline().addLast("relay", new Relay(client, entry::down, ended, door, memory));
        ctx.pipeline().addLast("relay", new Relay(upstream, entry::up, ended, door, memory));
        // Before what was read meanwhile is handed over, which may be more than the other side takes.
        upstream.config().setAutoRead(true);
        client.config().setAutoRead(true);
        ctx.pipeline().remove(start);
        upstream.flush();
    }
}
