package dev.slipway.mitm.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.kit.testing.TestAuthority;
import dev.slipway.mitm.address.HostName;
import dev.slipway.mitm.address.HostPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The one server that is a part of the installation, where TLS is spoken between its parts. */
class OwnServerTest {
    private static final TestAuthority OURS = TestAuthority.make();
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private static Channel server;

    @BeforeAll
    static void start() throws Exception {
        SslContext context = SslContextBuilder.forServer(
                        OURS.certificate().toFile(), OURS.key().toFile())
                .trustManager(OURS.authorities().toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        server = new ServerBootstrap()
                .group(LOOPS)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(context.newHandler(channel.alloc()), new Greeting());
                    }
                })
                .bind("localhost", 0)
                .sync()
                .channel();
    }

    @AfterAll
    static void stop() {
        LOOPS.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Says something to whoever has shown a certificate. */
    private static final class Greeting extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                context.writeAndFlush(context.alloc().buffer(1).writeByte('!'));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Whether a server of this port lets us in and is let in by us. */
    private static boolean isGreeted(UpstreamTrust trust, boolean operator) throws Exception {
        CompletableFuture<Boolean> greeted = new CompletableFuture<>();
        new Bootstrap()
                .group(LOOPS)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        trust.handlerFor(
                                                HostName.parse("localhost"), port(), operator, false, channel.alloc()),
                                        new ChannelInboundHandlerAdapter() {
                                            @Override
                                            public void channelRead(ChannelHandlerContext context, Object message) {
                                                ReferenceCountUtil.release(message);
                                                greeted.complete(true);
                                                context.close();
                                            }

                                            @Override
                                            public void channelInactive(ChannelHandlerContext context) {
                                                greeted.complete(false);
                                            }

                                            @Override
                                            public void exceptionCaught(
                                                    ChannelHandlerContext context, Throwable cause) {
                                                context.close();
                                            }
                                        });
                    }
                })
                .connect("localhost", port())
                .sync();
        return greeted.get(10, TimeUnit.SECONDS);
    }

    @Test
    void itIsBelievedAndShownTheInstallationsCertificateAndNobodyElseIs() throws Exception {
        UpstreamTrust roots = UpstreamTrust.load(Optional.empty());
        SslContext ours = SslContextBuilder.forClient()
                .keyManager(OURS.certificate().toFile(), OURS.key().toFile())
                .trustManager(OURS.authorities().toFile())
                .build();

        assertThat(isGreeted(roots.with(new HostPort(HostName.parse("localhost"), port()), ours), true))
                .isTrue();
        assertThat(isGreeted(roots.with(new HostPort(HostName.parse("localhost"), port()), ours), false))
                .as("on the way to where a sandbox wants to go")
                .isFalse();
        assertThat(isGreeted(roots.with(new HostPort(HostName.parse("localhost"), port() - 1), ours), true))
                .isFalse();
        assertThat(isGreeted(UpstreamTrust.load(Optional.of(OURS.authorities())), true))
                .isFalse();
    }
}
