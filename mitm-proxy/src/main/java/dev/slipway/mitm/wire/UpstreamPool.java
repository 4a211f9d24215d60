package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.HostPort;
import dev.slipway.mitm.address.Resolver;
import dev.slipway.mitm.authority.UpstreamTrust;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Connections to servers. Each event loop keeps its own idle ones, so that both legs of an exchange stay on one thread. Addresses come
 * from the {@link Resolver} and go to the dial unchanged: no name is resolved a second time.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class UpstreamPool {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ADDRESSES_TRIED_MAX = 3;
    /** As many as a busy session has connections to one host: with fewer, answers that come together would cost handshakes. */
    private static final int IDLE_PER_WAY_MAX = 256;

    private static final int SERVERS_MAX = 2_000;
    private static final Duration IDLE_MAX = Duration.ofSeconds(30);
    /** What may not be sent twice gets only connections that no server has likely closed yet. */
    private static final Duration IDLE_MAX_FOR_ONCE = Duration.ofSeconds(3);

    private final Transport transport;
    private final Resolver resolver;
    private final Resolver operatorResolver;
    private final UpstreamTrust trust;
    private final FastThreadLocal<Loop> loops = new FastThreadLocal<>();

    /** What servers were found to speak where they leave no choice. */
    private enum Spoken {
        UNKNOWN,
        ONLY_HTTP1,
        ONLY_HTTP2
    }

    private record Server(HostPort origin, HostPort dial) {}

    /** What one event loop keeps. */
    private final class Loop {
        final Map<Way, Deque<UpstreamLeg>> idle = new HashMap<>();
        /** The same connections, and those of HTTP/2. */
        final Resting resting = new Resting();

        final StreamPool streams;
        private final Map<Server, Spoken> spoken = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Server, Spoken> eldest) {
                return size() > SERVERS_MAX;
            }
        };

        Loop(EventLoop loop) {
            streams = new StreamPool(loop, UpstreamPool.this, UpstreamPool.this::openEither, resting);
        }

        @Nullable
        UpstreamLeg youngest(Deque<UpstreamLeg> legs) {
            UpstreamLeg leg = legs.pollLast();
            if (leg != null) {
                resting.remove(leg.way().sessionId(), leg);
            }
            return leg;
        }

        void forget(UpstreamLeg leg) {
            resting.remove(leg.way().sessionId(), leg);
            Deque<UpstreamLeg> legs = idle.get(leg.way());
            if (legs != null && legs.remove(leg) && legs.isEmpty()) {
                idle.remove(leg.way());
            }
        }

        Spoken spokenBy(Way way) {
            return spoken.getOrDefault(new Server(way.origin(), way.dial()), Spoken.UNKNOWN);
        }

        void learn(Way way, Spoken found) {
            spoken.put(new Server(way.origin(), way.dial()), found);
        }
    }

    private Loop here(EventLoop loop) {
        Loop mine = loops.get();
        if (mine == null) {
            mine = new Loop(loop);
            loops.set(mine);
        }
        return mine;
    }

    /** A pool that checks addresses with {@code resolver}, except where the operator chose them. */
    public UpstreamPool(Transport transport, Resolver resolver, Resolver operatorResolver, UpstreamTrust trust) {
        this.transport = transport;
        this.resolver = resolver;
        this.operatorResolver = operatorResolver;
        this.trust = trust;
    }

    /**
     * An idle connection of HTTP/1.1 of this event loop, or null if a new one, or a stream, must be opened. A stream takes one only
     * where the server is known to speak nothing else: gRPC would not survive it.
     */
    @Nullable
    UpstreamLeg takeIdle(EventLoop loop, Way way, boolean once, boolean stream) {
        if (stream && way.tls() && here(loop).spokenBy(way) != Spoken.ONLY_HTTP1) {
            return null;
        }
        Loop mine = here(loop);
        Map<Way, Deque<UpstreamLeg>> idle = mine.idle;
        Deque<UpstreamLeg> legs = idle.get(way);
        if (legs == null) {
            return null;
        }
        long idleMax = (once ? IDLE_MAX_FOR_ONCE : IDLE_MAX).toNanos();
        UpstreamLeg leg = mine.youngest(legs);
        while (leg != null && (!leg.isUsable() || leg.idleNanos() > idleMax)) {
            leg.close();
            leg = mine.youngest(legs);
        }
        if (legs.isEmpty()) {
            idle.remove(way);
        }
        return leg;
    }

    /** Keeps a connection whose exchange is complete; to be called on its event loop. */
    void giveBack(UpstreamLeg leg) {
        if (leg.isStream()) {
            leg.leave();
            return;
        }
        Loop mine = here(leg.channel().eventLoop());
        Deque<UpstreamLeg> legs = mine.idle.get(leg.way());
        if (!leg.isUsable() || (legs != null && legs.size() >= IDLE_PER_WAY_MAX)) {
            leg.close();
            return;
        }
        leg.rest(IDLE_MAX);
        mine.idle.computeIfAbsent(leg.way(), _ -> new ArrayDeque<>()).addLast(leg);
        mine.resting.add(leg.way().sessionId(), leg, () -> {
            mine.forget(leg);
            leg.close();
        });
    }

    /** Forgets a connection that closed while it was idle. */
    void remove(UpstreamLeg leg) {
        if (leg.isStream()) {
            return;
        }
        here(leg.channel().eventLoop()).forget(leg);
    }

    /**
     * A connection for one exchange, or a stream on one.
     *
     * <p>The server is spoken to as the client speaks: HTTP/1.1 costs less for each request, and is what WebSockets need; HTTP/2 carries
     * many exchanges at once. Where a server has only the other version, that one is used.
     *
     * @param stream whether the client's side is a stream of HTTP/2
     */
    Future<UpstreamLeg> open(EventLoop loop, Way way, boolean stream) {
        Loop mine = here(loop);
        boolean http2 = way.tls()
                && switch (mine.spokenBy(way)) {
                    case ONLY_HTTP1 -> false;
                    case ONLY_HTTP2 -> true;
                    case UNKNOWN -> stream;
                };
        if (http2) {
            return mine.streams.open(way);
        }
        Promise<UpstreamLeg> opened = loop.newPromise();
        openSingle(loop, way, opened);
        return opened;
    }

    /** A new connection of HTTP/1.1. */
    void openSingle(EventLoop loop, Way way, Promise<UpstreamLeg> opened) {
        UpstreamLeg leg = new UpstreamLeg(this, way);
        dial(loop, way, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (way.tls()) {
                            channel.pipeline().addLast("tls", tls(way, false, channel));
                        }
                        channel.pipeline().addLast("codec", codec()).addLast("leg", leg);
                        if (transport.hasSocketOptions()) {
                            leg.sharesWindow();
                        }
                    }
                })
                .addListener((Future<Channel> dialled) -> {
                    if (!dialled.isSuccess()) {
                        opened.tryFailure(dialled.cause());
                    } else {
                        afterHandshake(dialled.getNow(), leg, opened);
                    }
                });
    }

    private SslHandler tls(Way way, boolean offerHttp2, Channel channel) {
        return trust.handlerFor(way.origin().host(), way.origin().port(), way.operator(), offerHttp2, channel.alloc());
    }

    private Future<StreamPool.Opened> openEither(EventLoop loop, Way way) {
        Promise<StreamPool.Opened> opened = loop.newPromise();
        dial(loop, way, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast("tls", tls(way, true, channel))
                                .addLast("alpn", new VersionChosen(way, opened));
                    }
                })
                .addListener((Future<Channel> dialled) -> {
                    if (!dialled.isSuccess()) {
                        opened.tryFailure(dialled.cause());
                    }
                });
        return opened;
    }

    /** Ends the pipeline with the version of HTTP that the server chose. */
    private final class VersionChosen extends ApplicationProtocolNegotiationHandler {
        private final Way way;
        private final Promise<StreamPool.Opened> opened;

        VersionChosen(Way way, Promise<StreamPool.Opened> opened) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.way = way;
            this.opened = opened;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) throws Http2Exception {
            Loop mine = here(ctx.channel().eventLoop());
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                opened.trySuccess(new StreamPool.Opened.Streams(StreamConnection.start(
                        ctx.pipeline(), IDLE_MAX, connection -> mine.streams.changed(way, connection))));
            } else {
                mine.learn(way, Spoken.ONLY_HTTP1);
                UpstreamLeg leg = new UpstreamLeg(UpstreamPool.this, way);
                ctx.pipeline().addLast("codec", codec()).addLast("leg", leg);
                opened.trySuccess(new StreamPool.Opened.Single(leg));
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            opened.tryFailure(cause);
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            opened.tryFailure(cause);
            ctx.close();
        }
    }

    /** A new connection for bytes that the proxy does not look into. */
    Future<Channel> openRaw(EventLoop loop, Way way) {
        return dial(loop, way, new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.config().setAllowHalfClosure(true).setAutoRead(false);
            }
        });
    }

    private static HttpClientCodec codec() {
        return new HttpClientCodec(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(RequestHead.BYTES_MAX)
                        .setMaxHeaderSize(4 * RequestHead.BYTES_MAX)
                        .setMaxChunkSize(RequestHead.PIECE_BYTES_MAX)
                        .setInitialBufferSize(256),
                false,
                true);
    }

    private void afterHandshake(Channel channel, UpstreamLeg leg, Promise<UpstreamLeg> opened) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            opened.trySuccess(leg);
            return;
        }
        tls.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                opened.trySuccess(leg);
                return;
            }
            channel.close();
            Loop mine = here(channel.eventLoop());
            if (isNoCommonVersion(handshake.cause()) && mine.spokenBy(leg.way()) != Spoken.ONLY_HTTP1) {
                mine.learn(leg.way(), Spoken.ONLY_HTTP2);
                mine.streams.open(leg.way()).addListener(new PromiseNotifier<>(opened));
            } else {
                opened.tryFailure(handshake.cause());
            }
        });
    }

    /** Whether the server ended the handshake since it does not speak HTTP/1.1 (RFC 7301, section 3.2). */
    private static boolean isNoCommonVersion(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no_application_protocol") || message.contains("no application protocol");
    }

    private Future<Channel> dial(EventLoop loop, Way way, ChannelInitializer<SocketChannel> initializer) {
        Promise<Channel> dialled = loop.newPromise();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.client())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOCATOR, Transport.ALLOCATOR)
                .option(ChannelOption.RECVBUF_ALLOCATOR, Transport.READS)
                .handler(initializer);
        transport.tcpOptions(bootstrap::option);
        CompletableFuture<List<InetAddress>> addresses = (way.operator() ? operatorResolver : resolver)
                .resolve(way.dial().host());
        addresses.whenComplete((found, failure) -> loop.execute(() -> {
            if (failure != null) {
                dialled.tryFailure(unwrapped(failure));
            } else {
                connect(bootstrap, found, 0, way.dial().port(), dialled);
            }
        }));
        return dialled;
    }

    private static void connect(
            Bootstrap bootstrap, List<InetAddress> addresses, int index, int port, Promise<Channel> dialled) {
        Bootstrap once = index == 0 ? bootstrap : bootstrap.clone();
        once.connect(new InetSocketAddress(addresses.get(index), port))
                .addListener((io.netty.channel.ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        dialled.trySuccess(connected.channel());
                    } else if (index + 1 < Math.min(addresses.size(), ADDRESSES_TRIED_MAX)) {
                        connect(bootstrap, addresses, index + 1, port, dialled);
                    } else {
                        dialled.tryFailure(connected.cause());
                    }
                });
    }

    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Whether a host's addresses may be dialled, without dialling; for refusing a tunnel at once. */
    CompletableFuture<List<InetAddress>> check(Way way) {
        return (way.operator() ? operatorResolver : resolver).resolve(way.dial().host());
    }
}
