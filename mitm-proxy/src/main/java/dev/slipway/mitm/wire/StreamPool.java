package dev.slipway.mitm.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One event loop's HTTP/2 connections to servers. Who asks while a connection is being made waits for that one, and another is opened
 * only when the present ones take no more streams. Connections are kept by {@link Way}: one to a host carries requests to that host and
 * port alone, whatever other names its certificate has, and of one session alone.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamPool {
    /** Opens a connection; what it gives tells which version of HTTP the server chose. */
    @FunctionalInterface
    interface Dial {
        Future<Opened> to(EventLoop loop, Way way);
    }

    /** A connection that has just been made. */
    sealed interface Opened {
        /** The server speaks HTTP/2. */
        record Streams(StreamConnection connection) implements Opened {}

        /** It does not; this is a connection of HTTP/1.1, ready for one exchange. */
        record Single(UpstreamLeg leg) implements Opened {}
    }

    private static final class Server {
        final List<StreamConnection> connections = new ArrayList<>(1);
        final Deque<Promise<UpstreamLeg>> waiting = new ArrayDeque<>();
        boolean dialling;
    }

    private final EventLoop loop;
    private final UpstreamPool pool;
    private final Dial dial;
    private final Resting resting;
    private final Map<Way, Server> servers = new HashMap<>();

    StreamPool(EventLoop loop, UpstreamPool pool, Dial dial, Resting resting) {
        this.loop = loop;
        this.pool = pool;
        this.dial = dial;
        this.resting = resting;
    }

    /** A stream, or a connection of HTTP/1.1 where the server speaks nothing else. */
    Future<UpstreamLeg> open(Way way) {
        Promise<UpstreamLeg> ready = loop.newPromise();
        Server server = servers.computeIfAbsent(way, _ -> new Server());
        server.waiting.add(ready);
        serve(way, server);
        return ready;
    }

    private void serve(Way way, Server server) {
        server.connections.removeIf(connection -> !connection.isUsable());
        for (StreamConnection connection : List.copyOf(server.connections)) {
            if (connection.hasRoom() && !server.waiting.isEmpty()) {
                resting.remove(way.sessionId(), connection);
            }
            while (connection.hasRoom() && !server.waiting.isEmpty()) {
                connection.open(new UpstreamLeg(pool, way), server.waiting.remove());
            }
        }
        boolean moreRoomSoon = server.connections.stream().anyMatch(connection -> !connection.isSettled());
        if (!server.waiting.isEmpty() && !server.dialling && !moreRoomSoon) {
            server.dialling = true;
            dial.to(loop, way).addListener((Future<Opened> opened) -> dialled(way, server, opened));
        } else if (server.waiting.isEmpty() && server.connections.isEmpty() && !server.dialling) {
            servers.remove(way, server);
        }
    }

    private void dialled(Way way, Server server, Future<Opened> opened) {
        server.dialling = false;
        if (!opened.isSuccess()) {
            Throwable cause = opened.cause();
            List<Promise<UpstreamLeg>> losers = List.copyOf(server.waiting);
            server.waiting.clear();
            serve(way, server);
            losers.forEach(loser -> loser.tryFailure(cause));
            return;
        }
        switch (opened.getNow()) {
            case Opened.Streams(StreamConnection connection) -> {
                server.connections.add(connection);
                changed(way, connection);
            }
            case Opened.Single(UpstreamLeg leg) -> {
                List<Promise<UpstreamLeg>> rest = List.copyOf(server.waiting);
                server.waiting.clear();
                servers.remove(way, server);
                if (rest.isEmpty()) {
                    // Streams that ended meanwhile have made room for all who waited.
                    leg.close();
                    return;
                }
                rest.getFirst().trySuccess(leg);
                rest.stream().skip(1).forEach(waiting -> pool.openSingle(loop, way, waiting));
            }
        }
    }

    /** A connection may have room again, or has ended. */
    void changed(Way way, StreamConnection connection) {
        Server server = servers.get(way);
        if (server != null) {
            serve(way, server);
        }
        if (connection.isIdle()) {
            resting.add(way.sessionId(), connection, connection::close);
        } else {
            resting.remove(way.sessionId(), connection);
        }
    }
}
