package dev.slipway.agent.http;

import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Listens on a Unix socket and gives every connection a virtual thread. */
public final class HttpServer implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 256;
    private static final Duration REAP_EVERY = Duration.ofSeconds(5);

    private final Path socket;
    private final ServerSocketChannel server;
    private final Router router;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

    private HttpServer(Path socket, ServerSocketChannel server, Router router) {
        this.socket = socket;
        this.server = server;
        this.router = router;
    }

    /** Binds the socket, replacing what an earlier process left there, and begins to answer. */
    public static HttpServer start(Path socket, Router router) throws IOException {
        Files.deleteIfExists(socket);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 64);
        // Who may come is decided by who can reach the folder that it lies in, on the host's side under another user
        // id.
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        var http = new HttpServer(socket, server, router);
        Thread.ofVirtual().name("http-accept").start(http::acceptAll);
        Thread.ofVirtual().name("http-reaper").start(http::reapIdle);
        return http;
    }

    /** Stops listening and breaks what is open. */
    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        connections.forEach(HttpConnection::close);
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                if (connections.size() >= CONNECTIONS_MAX) {
                    channel.close();
                    continue;
                }
                var connection = new HttpConnection(channel, router);
                connections.add(connection);
                Thread.ofVirtual().name("http").start(() -> {
                    try {
                        connection.serve();
                    } finally {
                        connections.remove(connection);
                    }
                });
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException e) {
                Log.warn("agent socket cannot accept", "error", e.getMessage());
                if (!sleep(Duration.ofMillis(200))) {
                    return;
                }
            }
        }
    }

    /** A channel has no read timeout of its own. */
    private void reapIdle() {
        while (server.isOpen() && sleep(REAP_EVERY)) {
            connections.stream().filter(HttpConnection::isOverdue).forEach(HttpConnection::close);
        }
    }

    private static boolean sleep(Duration duration) {
        try {
            Thread.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
