package dev.slipway.mitm.wire;

import dev.slipway.mitm.address.Resolver;
import dev.slipway.mitm.authority.UpstreamTrust;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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

    private static final Duration IDLE_MAX = Duration.ofSeconds(30);
    /** A request with a body cannot be sent twice: it gets only connections that no server has likely closed yet. */
    private static final Duration IDLE_MAX_FOR_BODIES = Duration.ofSeconds(3);

    private final Transport transport;
    private final Resolver resolver;
    private final Resolver operatorResolver;
    private final UpstreamTrust trust;
    private final FastThreadLocal<Map<Way, Deque<UpstreamLeg>>> idle = new FastThreadLocal<>() {
        @Override
        protected Map<Way, Deque<UpstreamLeg>> initialValue() {
            return new HashMap<>();
        }
    };

    /** A pool that checks addresses with {@code resolver}, except where the operator chose them. */
    public UpstreamPool(Transport transport, Resolver resolver, Resolver operatorResolver, UpstreamTrust trust) {
        this.transport = transport;
        this.resolver = resolver;
        this.operatorResolver = operatorResolver;
        this.trust = trust;
    }

    /** An idle connection of this event loop, or null if a new one must be opened. */
    @Nullable
    UpstreamLeg takeIdle(Way way, boolean forBody) {
        Deque<UpstreamLeg> legs = idle.get().get(way);
        if (legs == null) {
            return null;
        }
        long idleMax = (forBody ? IDLE_MAX_FOR_BODIES : IDLE_MAX).toNanos();
        UpstreamLeg leg = legs.pollLast();
        while (leg != null && (!leg.isUsable() || leg.idleNanos() > idleMax)) {
            leg.close();
            leg = legs.pollLast();
        }
        if (legs.isEmpty()) {
            idle.get().remove(way);
        }
        return leg;
    }

    /** Keeps a connection whose exchange is complete; to be called on its event loop. */
    void giveBack(UpstreamLeg leg) {
        Deque<UpstreamLeg> legs = idle.get().computeIfAbsent(leg.way(), _ -> new ArrayDeque<>());
        if (!leg.isUsable() || legs.size() >= IDLE_PER_WAY_MAX) {
            leg.close();
            return;
        }
        leg.rest(IDLE_MAX);
        legs.addLast(leg);
    }

    /** Forgets a connection that closed while it was idle. */
    void remove(UpstreamLeg leg) {
        Deque<UpstreamLeg> legs = idle.get().get(leg.way());
        if (legs != null && legs.remove(leg) && legs.isEmpty()) {
            idle.get().remove(leg.way());
        }
    }

    /** A new connection for HTTP, after its TLS handshake if there is one. */
    Future<UpstreamLeg> open(EventLoop loop, Way way) {
        Promise<UpstreamLeg> opened = loop.newPromise();
        UpstreamLeg leg = new UpstreamLeg(this, way);
        dial(loop, way, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (way.tls()) {
                            channel.pipeline()
                                    .addLast(
                                            "tls",
                                            trust.handlerFor(
                                                    way.origin().host(),
                                                    way.origin().port(),
                                                    channel.alloc()));
                        }
                        channel.pipeline().addLast("codec", codec()).addLast("leg", leg);
                    }
                })
                .addListener((Future<Channel> dialled) -> {
                    if (!dialled.isSuccess()) {
                        opened.tryFailure(dialled.cause());
                    } else {
                        afterHandshake(dialled.getNow(), leg, opened);
                    }
                });
        return opened;
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
                        .setInitialBufferSize(256),
                false,
                true);
    }

    private static void afterHandshake(Channel channel, UpstreamLeg leg, Promise<UpstreamLeg> opened) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            opened.trySuccess(leg);
            return;
        }
        tls.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                opened.trySuccess(leg);
            } else {
                opened.tryFailure(handshake.cause());
                channel.close();
            }
        });
    }

    private Future<Channel> dial(EventLoop loop, Way way, ChannelInitializer<SocketChannel> initializer) {
        Promise<Channel> dialled = loop.newPromise();
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.client())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(initializer);
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
