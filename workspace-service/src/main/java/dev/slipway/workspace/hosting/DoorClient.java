package dev.slipway.workspace.hosting;

import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.workspace.access.Passage;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS through an egress door, one connection for each call. The JDK's client gives no password to a proxy that tunnels, unless the
 * whole process is told to; Netty's does.
 */
@Singleton
class DoorClient {
    private static final int SECONDS_MAX = 30;
    private static final int ANSWER_MAX = 4 << 20;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** What the other side said. */
    record Answer(int status, String body) {}

    /** Calls. @throws IOException if the door or the host cannot be reached or does not answer in time */
    Answer call(Passage passage, String method, URI uri, @Nullable String json) throws IOException {
        EgressDoor door = passage.door().orElseThrow(() -> new IOException("there is no egress door"));
        Path roots = passage.roots().orElseThrow(() -> new IOException("there is no authority to trust"));
        SslContext tls = SslContextBuilder.forClient()
                .trustManager(roots.toFile())
                .endpointIdentificationAlgorithm("HTTPS")
                .build();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        int port = uri.getPort() < 0 ? 443 : uri.getPort();
        Channel channel = null;
        try {
            channel = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    // The proxy resolves names.
                    .resolver(NoopAddressResolverGroup.INSTANCE)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel made) {
                            made.pipeline()
                                    .addLast(
                                            proxy(door, passage.doorId()),
                                            tls.newHandler(made.alloc(), uri.getHost(), port),
                                            new HttpClientCodec(),
                                            new HttpObjectAggregator(ANSWER_MAX),
                                            new ReadTimeoutHandler(SECONDS_MAX),
                                            new Reader(answer));
                        }
                    })
                    .connect(InetSocketAddress.createUnresolved(uri.getHost(), port))
                    .sync()
                    .channel();
            channel.writeAndFlush(request(method, uri, json)).sync();
            return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(uri.getHost() + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(uri.getHost() + " did not answer in time", e);
        } catch (RuntimeException e) {
            throw new IOException(uri.getHost() + ": " + e.getMessage(), e);
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    @PreDestroy
    void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static HttpProxyHandler proxy(EgressDoor door, String id) {
        String address = String.valueOf(door.address());
        int colon = address.lastIndexOf(':');
        InetSocketAddress at =
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        return new HttpProxyHandler(at, id, String.valueOf(door.token()));
    }

    private static DefaultFullHttpRequest request(String method, URI uri, @Nullable String json) {
        ByteBuf body =
                json == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
        String target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target, body);
        request.headers()
                .set(HttpHeaderNames.HOST, uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort())
                .set(HttpHeaderNames.USER_AGENT, "slipway")
                .set(HttpHeaderNames.ACCEPT, "application/json")
                .set(HttpHeaderNames.CONNECTION, "close");
        if (json != null) {
            request.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        return request;
    }

    /** Takes the one answer. */
    private static final class Reader extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final CompletableFuture<Answer> answer;

        Reader(CompletableFuture<Answer> answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            answer.complete(
                    new Answer(response.status().code(), response.content().toString(StandardCharsets.UTF_8)));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.completeExceptionally(cause);
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.completeExceptionally(new IOException("the connection ended without an answer"));
        }
    }
}
