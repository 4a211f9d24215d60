package dev.slipway.gateway.door;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.core.order.Ordered;
import io.micronaut.runtime.server.event.ServerShutdownEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections, so that a stop loses nobody: streams and WebSockets are told to come back, idle connections end, and what is
 * being answered gets a while to be answered.
 */
@Singleton
class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Duration patience;
    private final Duration headWithin;
    private final Duration bodyWithin;
    private final Set<EdgeHandler> all = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean draining = new AtomicBoolean();

    Connections(RoutingSettings settings) {
        this.patience = settings.drain();
        this.headWithin = settings.headWithin();
        this.bodyWithin = settings.bodyWithin();
    }

    /** How long a connection may be open without the whole head of a request. */
    Duration headWithin() {
        return headWithin;
    }

    /** How long the rest of a request is waited for that is read as a whole, by the framework or for its Idempotency-Key. */
    Duration bodyWithin() {
        return bodyWithin;
    }

    void add(EdgeHandler connection) {
        all.add(connection);
    }

    void remove(EdgeHandler connection) {
        all.remove(connection);
    }

    boolean isDraining() {
        return draining.get();
    }

    /** Ends all connections as gently as their clients let us. Blocks, for as long as is configured at most. */
    void drain() {
        if (!draining.compareAndSet(false, true)) {
            return;
        }
        all.forEach(connection -> connection.loop().execute(connection::drain));
        long until = System.nanoTime() + patience.toNanos();
        try {
            while (!all.isEmpty() && System.nanoTime() < until) {
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (!all.isEmpty()) {
            LOG.atInfo().addKeyValue("connections", all.size()).log("connections cut at the end of the drain");
        }
    }

    /** The server is told to stop. */
    @Singleton
    static final class OnServerShutdown implements ApplicationEventListener<ServerShutdownEvent>, Ordered {
        private final Connections connections;

        OnServerShutdown(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void onApplicationEvent(ServerShutdownEvent event) {
            connections.drain();
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }

    /** The whole context is told to stop, as where several services share one process. */
    @Singleton
    static final class OnShutdown implements ApplicationEventListener<ShutdownEvent>, Ordered {
        private final Connections connections;

        OnShutdown(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void onApplicationEvent(ShutdownEvent event) {
            connections.drain();
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }
}
