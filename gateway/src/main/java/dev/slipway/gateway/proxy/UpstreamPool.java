package dev.slipway.gateway.proxy;

import io.micronaut.scheduling.TaskExecutors;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Future;
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
import org.jspecify.annotations.Nullable;

/**
 * Connections to the services. Each event loop keeps its own, so that a client and its service are served by one thread and
 * nothing here needs a lock.
 */
@Singleton
public class UpstreamPool {
    private static final int CONNECT_MILLIS_MAX = 3_000;
    private static final int IDLE_MAX = 64;
    private static final Duration IDLE_TIME_MAX = Duration.ofSeconds(30);
    private static final HttpDecoderConfig LIMITS = new HttpDecoderConfig()
            .setMaxInitialLineLength(8 * 1024)
            .setMaxHeaderSize(64 * 1024)
            .setMaxChunkSize(64 * 1024);

    private final FastThreadLocal<Map<URI, Deque<Idle>>> idle = new FastThreadLocal<>() {
        @Override
        protected Map<URI, Deque<Idle>> initialValue() {
            return new HashMap<>();
        }
    };

    private final Map<URI, Circuit> circuits = new ConcurrentHashMap<>();
    private final WaitingResolver resolver;

    UpstreamPool(@Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.resolver = new WaitingResolver(blocking);
    }

    private record Idle(Channel channel, long sinceNanos) {
        boolean isFresh(Duration ageMax) {
            return channel.isActive() && System.nanoTime() - sinceNanos < ageMax.toNanos();
        }
    }

    /** A connection that nobody uses, not idle for longer than this; null if there is none. */
    @Nullable
    Channel reuse(URI address, Duration ageMax) {
        Deque<Idle> waiting = idle.get().get(address);
        while (waiting != null && !waiting.isEmpty()) {
            Idle youngest = waiting.removeLast();
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
        var promise = loop.<Channel>newPromise();
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
                        channel.pipeline().addLast(new HttpClientCodec(LIMITS, false, true), new UpstreamHandler());
                    }
                })
                .connect(InetSocketAddress.createUnresolved(address.getHost(), port(address)))
                .addListener(done -> {
                    if (done.isSuccess()) {
                        promise.setSuccess(((io.netty.channel.ChannelFuture) done).channel());
                    } else {
                        promise.setFailure(done.cause());
                    }
                });
        return promise;
    }

    /** Takes back a connection whose last answer is complete. */
    void release(Channel channel, URI address) {
        handler(channel).serve(null);
        Deque<Idle> waiting = idle.get().computeIfAbsent(address, _ -> new ArrayDeque<>());
        if (!channel.isActive()) {
            return;
        }
        if (waiting.size() >= IDLE_MAX) {
            waiting.removeFirst().channel().close();
        }
        Idle entry = new Idle(channel, System.nanoTime());
        waiting.addLast(entry);
        // Reading is how its end is noticed; what a service says unasked ends it too.
        channel.read();
        channel.eventLoop().schedule(() -> drop(waiting, entry), IDLE_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void drop(Deque<Idle> waiting, Idle entry) {
        if (waiting.remove(entry)) {
            entry.channel().close();
        }
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
        return "https".equals(address.getScheme()) ? 443 : 80;
    }
}
