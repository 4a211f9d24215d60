package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.testing.RunningProxy;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections of HTTP/2 to a server that takes one stream at a time and answers nothing on it. */
@NullMarked
class StreamPoolTest {
    private static final HostPort HOST = HostPort.parse("api.example.com:443", 0);
    private static final Way WAY = new Way("session-1", HOST, HOST, true, false);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = loops.next();
    private final AtomicInteger pings = new AtomicInteger();
    private final Resting resting = new Resting();
    private RunningProxy proxy;

    /** A connection and what it runs on. */
    private record Connected(Channel channel, StreamConnection connection) {}

    @BeforeEach
    void start() throws Exception {
        proxy = new RunningProxy.Builder().start();
    }

    @AfterEach
    void stop() throws Exception {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        proxy.close();
    }

    @Test
    void aConnectionWhoseServerIsGoneIsGivenUpThoughAStreamIsOpen() throws Exception {
        Connected dead = connect(server(false), Duration.ofMillis(300), _ -> {});

        Promise<UpstreamLeg> stream = open(dead);

        assertThat(stream.await(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> !dead.channel.isOpen());
    }

    @Test
    void oneWhoseServerOnlyTakesItsTimeIsNot() throws Exception {
        Connected alive = connect(server(true), Duration.ofSeconds(2), _ -> {});

        Promise<UpstreamLeg> stream = open(alive);

        assertThat(stream.await(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> pings.get() >= 2);
        assertThat(alive.channel.isOpen()).isTrue();
    }

    @Test
    void aFurtherConnectionThatFailsTakesNothingFromThePresentOne() throws Exception {
        Channel server = server(true);
        AtomicInteger dials = new AtomicInteger();
        StreamPool pool = pool(server, dials, () -> loop.newFailedFuture(new IOException("not another one")));

        Future<UpstreamLeg> first = ask(pool);
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ask(pool).await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(dials).hasValue(2);
        first.getNow().close();
        first.getNow().channel().closeFuture().sync();

        Future<UpstreamLeg> third = ask(pool);
        assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(third.isSuccess()).isTrue();
        assertThat(dials).hasValue(2);
    }

    @Test
    void aConnectionOfTheOldVersionThatNobodyWaitsForAnyMoreIsClosed() throws Exception {
        Channel server = server(true);
        AtomicInteger dials = new AtomicInteger();
        Promise<StreamPool.Opened> late = loop.newPromise();
        StreamPool pool = pool(server, dials, () -> late);
        Future<UpstreamLeg> first = ask(pool);
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        Future<UpstreamLeg> second = ask(pool);
        await().atMost(Duration.ofSeconds(10)).until(() -> dials.get() == 2);
        first.getNow().close();
        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();

        UpstreamLeg single = leg();
        Channel channel = new EmbeddedChannel(single);
        late.setSuccess(new StreamPool.Opened.Single(single));

        await().atMost(Duration.ofSeconds(10)).until(() -> !channel.isOpen());
    }

    @Test
    void oneWithoutStreamsCountsAmongThoseThatRestAndIsGivenUpWithThem() throws Exception {
        Channel server = server(true);
        AtomicInteger dials = new AtomicInteger();
        StreamPool pool = pool(server, dials, null);
        Future<UpstreamLeg> first = ask(pool);
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        Channel connection = first.getNow().channel().parent();
        assertThat(resting()).isZero();

        first.getNow().close();
        await().atMost(Duration.ofSeconds(10)).until(() -> resting() == 1);
        Future<UpstreamLeg> again = ask(pool);
        assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(resting()).isZero();
        assertThat(dials).hasValue(1);
        again.getNow().close();
        await().atMost(Duration.ofSeconds(10)).until(() -> resting() == 1);

        loop.submit(() -> {
                    for (int i = 0; i < Resting.CONNECTIONS_MAX; i++) {
                        resting.add(WAY.sessionId(), "another " + i, () -> {});
                    }
                })
                .get(10, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(10)).until(() -> !connection.isOpen());
        assertThat(ask(pool).await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(dials).hasValue(2);
    }

    private int resting() throws Exception {
        return loop.submit(resting::count).get(10, TimeUnit.SECONDS);
    }

    private Future<UpstreamLeg> ask(StreamPool pool) throws Exception {
        return loop.submit(() -> pool.open(WAY)).get(10, TimeUnit.SECONDS);
    }

    /** A pool that connects to this server; from the second time on it gets what {@code further} says, if that is not null. */
    private StreamPool pool(
            Channel server, AtomicInteger dials, @Nullable Supplier<Future<StreamPool.Opened>> further) {
        StreamPool[] pool = new StreamPool[1];
        pool[0] = new StreamPool(
                loop,
                proxy.services().pool(),
                (_, _) -> {
                    if (dials.incrementAndGet() > 1 && further != null) {
                        return further.get();
                    }
                    Promise<StreamPool.Opened> opened = loop.newPromise();
                    connectLater(server, opened, pool);
                    return opened;
                },
                resting);
        return pool[0];
    }

    private void connectLater(Channel server, Promise<StreamPool.Opened> opened, StreamPool[] pool) {
        Thread.ofVirtual().start(() -> {
            try {
                Connected made =
                        connect(server, Duration.ofSeconds(30), connection -> pool[0].changed(WAY, connection));
                opened.setSuccess(new StreamPool.Opened.Streams(made.connection));
            } catch (Exception failure) {
                opened.setFailure(failure);
            }
        });
    }

    private Promise<UpstreamLeg> open(Connected to) {
        Promise<UpstreamLeg> ready = loop.newPromise();
        loop.execute(() -> to.connection.open(leg(), ready));
        return ready;
    }

    private UpstreamLeg leg() {
        return new UpstreamLeg(proxy.services().pool(), WAY);
    }

    private Connected connect(Channel server, Duration idleMax, Consumer<StreamConnection> changed) throws Exception {
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
        StreamConnection connection = loop.submit(() -> {
                    StreamConnection started = StreamConnection.start(channel.pipeline(), idleMax, changed);
                    channel.config().setAutoRead(true);
                    return started;
                })
                .get(10, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> loop.submit(connection::isSettled).get());
        return new Connected(channel, connection);
    }

    private Channel server(boolean answersPings) throws Exception {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forServer()
                                                .autoAckPingFrame(answersPings)
                                                .initialSettings(Http2Settings.defaultSettings()
                                                        .maxConcurrentStreams(1))
                                                .build(),
                                        new ChannelInboundHandlerAdapter() {
                                            @Override
                                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                                if (message instanceof Http2PingFrame) {
                                                    pings.incrementAndGet();
                                                }
                                                ReferenceCountUtil.release(message);
                                            }
                                        });
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }
}
