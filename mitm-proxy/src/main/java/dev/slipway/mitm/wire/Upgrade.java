package dev.slipway.mitm.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;

/** Turns both legs of an exchange into a relay, after a server has agreed to speak WebSocket. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Upgrade {
    private Upgrade() {}

    static void toWebSocket(
            ChannelHandlerContext client,
            Channel upstream,
            HttpResponse response,
            Entry entry,
            Door door,
            MemoryLimit memory) {
        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, response.status(), Unpooled.EMPTY_BUFFER);
        answer.headers().set(response.headers());
        client.writeAndFlush(answer);
        Runnable ended = () -> entry.allowed(101, null);

        // Only the codec's writing half goes at once: its reading half is in the middle of a read, and passes bytes on
        // untouched from here.
        HttpClientCodec codec = upstream.pipeline().get(HttpClientCodec.class);
        codec.removeOutboundHandler();
        upstream.pipeline().replace("leg", "relay", new Relay(client.channel(), entry::down, ended, door, memory));
        upstream.eventLoop().execute(() -> {
            if (upstream.pipeline().get(HttpClientCodec.class) != null) {
                upstream.pipeline().remove(codec);
            }
        });

        ChannelPipeline pipeline = client.pipeline();
        pipeline.addLast("relay", new Relay(upstream, entry::up, ended, door, memory));
        upstream.config().setAutoRead(true);
        client.channel().config().setAutoRead(true);
        pipeline.remove("http");
        pipeline.remove("encoder");
        // Hands over what came with the request, which may be more than the server takes.
        pipeline.remove("decoder");
    }
}
