package dev.slipway.gateway.proxy;

import dev.slipway.kit.tls.InternalTls;
import io.micronaut.context.annotation.Value;
import io.micronaut.scheduling.TaskExecutors;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the services. Each event loop keeps its own, so that a client and its service are served by one thread and
 * nothing here needs a lock.
 */
@Singleton
public class UpstreamPool {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamPool.class);

    /** What a client's body must bring in the mean, once it has had some time. */
    public static final int BODY_BYTES_PER_SECOND_MIN = 256;

    private static final int CONNECT_MILLIS_MAX = 3_000;
    private static final int IDLE_MAX = 64;
    private static final Duration IDLE_TIME_MAX = Duration.ofSeconds(30);
    private static final HttpDecoderConfig LIMITS = new HttpDecoderConfig()
            .setMaxInitialLineLength(8 * 1024)
            .setMaxHeaderSize(64 * 1024)
            .setMaxChunkSize(64 * 1024);

    private final FastThreadLocal<Map<URI, Waiting>> idle = new FastThreadLocal<>() {
        @Override
        protected Map<URI, Waiting> initialValue() {
            return new HashMap<>();
        }
    };

    private final Map<URI, Circuit> circuits = new ConcurrentHashMap<>();
    private final WaitingResolver resolver;
    private final SslContext tls;
    private final Duration bodyWithin;

    UpstreamPool(
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking,
            @Nullable InternalTls tls,
            @Value("${slipway.routing.body-within:60s}") Duration bodyWithin) {
        this.bodyWithin = bodyWithin;
        this.resolver = new WaitingResolver(blocking);
        this.tls = context(tls);
    }

    private static SslContext context(@Nullable InternalTls tls) {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (tls != null) {
            builder.keyManager(tls.keys()).trustManager(tls.trust());
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("slipway.internal.tls: " + e.getMessage(), e);
        }
    }

    private record Idle(Channel channel, long sinceNanos) {
        boolean isFresh(Duration ageMax) {
            return channel.isActive() && System.nanoTime() - sinceNanos < ageMax.toNanos();
        }
    }

    /** The connections to one service that nobody uses, on one event loop, the one that has waited longest first. */
    private static final class Waiting {
        private final Deque<Idle> connections = new ArrayDeque<>();
        private boolean swept;

        /** One timer for all of them: at some thousand requests a second, one for each would be a heap of its own. */
        void sweepLater(EventLoop loop, Duration in) {
            if (!swept) {
                swept = true;
                loop.schedule(() -> sweep(loop), in.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void sweep(EventLoop loop) {
            swept = false;
            while (!connections.isEmpty() && !connections.getFirst().isFresh(IDLE_TIME_MAX)) {
                connections.removeFirst().channel().close();
            }
            Idle oldest = connections.peekFirst();
            if (oldest != null) {
                long leftNanos = IDLE_TIME_MAX.toNanos() - (System.nanoTime() - oldest.sinceNanos());
                sweepLater(loop, Duration.ofNanos(leftNanos).plusMillis(1));
            }
        }
    }

    /** A connection that nobody uses, not idle for longer than this; null if there is none. */
    @Nullable
    Channel reuse(URI address, Duration ageMax) {
        Waiting waiting = idle.get().get(address);
        while (waiting != null && !waiting.connections.isEmpty()) {
            Idle youngest = waiting.connections.removeLast();
            if (youngest.isFresh(ageMax)) {
                return youngest.channel();
            }
            youngest.channel().close();
        }
        return null;
    }

    /** Opens a connection on the same loop and of the same transport as the client's. */
    Future<Channel> open(Channel client, URI address) {
        EventLoop loop = client.eventLoop();
        // A stream of HTTP/2 is no connection of its own.
        Channel connection = client instanceof Http2StreamChannel stream ? stream.parent() : client;
        Promise<Channel> promise = loop.newPromise();
        new Bootstrap()
                .group(loop)
                .resolver(resolver)
                .channelFactory(new ReflectiveChannelFactory<>(connection.getClass()))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (isTls(address)) {
                            channel.pipeline()
                                    .addLast(tls.newHandler(channel.alloc(), address.getHost(), port(address)));
                        }
                        channel.pipeline().addLast(new HttpClientCodec(LIMITS, false, true), new UpstreamHandler());
                    }
                })
                .connect(InetSocketAddress.createUnresolved(address.getHost(), port(address)))
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        afterHandshake(connected.channel(), promise);
                    } else {
                        promise.setFailure(connected.cause());
                    }
                });
        return promise;
    }

    private static void afterHandshake(Channel channel, Promise<Channel> promise) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            promise.setSuccess(channel);
            return;
        }
        handler.handshakeFuture().addListener((Future<Channel> handshake) -> {
            if (handshake.isSuccess()) {
                promise.setSuccess(channel);
            } else {
                LOG.atWarn()
                        .addKeyValue("address", channel.remoteAddress())
                        .addKeyValue("reason", handshake.cause().toString())
                        .log("no TLS with a service");
                promise.setFailure(handshake.cause());
            }
        });
    }

    /** Takes back a connection whose last answer is complete. */
    void release(Channel channel, URI address) {
        handler(channel).serve(null);
        if (!channel.isActive()) {
            return;
        }
        Waiting waiting = idle.get().computeIfAbsent(address, _ -> new Waiting());
        if (waiting.connections.size() >= IDLE_MAX) {
            waiting.connections.removeFirst().channel().close();
        }
        waiting.connections.addLast(new Idle(channel, System.nanoTime()));
        // Reading is how its end is noticed; what a service says unasked ends it too.
        channel.read();
        waiting.sweepLater(channel.eventLoop(), IDLE_TIME_MAX);
    }

    /** How long a client may take until the next part of its body comes. */
    Duration bodyWithin() {
        return bodyWithin;
    }

    /** What is known of a service's being there. */
    Circuit circuit(URI address) {
        return circuits.computeIfAbsent(address, _ -> new Circuit());
    }

    static UpstreamHandler handler(Channel channel) {
        return channel.pipeline().get(UpstreamHandler.class);
    }

    private static int port(URI address) {
        if (address.getPort() > 0) {
            return address.getPort();
        }
        return isTls(address) ? 443 : 80;
    }

    private static boolean isTls(URI address) {
        return "https".equals(address.getScheme());
    }
}
