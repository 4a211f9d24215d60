package dev.slipway.container.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.container.runtime.SandboxName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for mitm-proxy's admin port: makes the folder and the socket, and keeps what it was told. */
public final class EgressStandIn implements AutoCloseable {
    /** What it gives as its authority at first. */
    public static final String CA = "-----BEGIN CERTIFICATE-----\nc3RhbmQtaW4=\n-----END CERTIFICATE-----\n";

    /** What it says is to be trusted; changed once its authority has a successor. */
    public volatile String trusted = CA;

    /** What is done before a door is opened. */
    public volatile Runnable beforeOpening = () -> {};

    /** The bodies of its registrations, in order. */
    public final List<String> registered = new CopyOnWriteArrayList<>();

    /** The paths of its removals, in order. */
    public final List<String> removed = new CopyOnWriteArrayList<>();

    private final Map<String, ServerSocketChannel> sockets = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final Path runDir;

    /** Listens on a free port. */
    public EgressStandIn(Path runDir) throws IOException {
        this.runDir = runDir;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/sessions/", this::handle);
        server.createContext(
                "/api/authority",
                exchange -> answer(
                        exchange,
                        "{\"trustedPem\":\"" + trusted.replace("\n", "\\n")
                                + "\",\"signingSince\":\"2030-01-01T00:00:00Z\"}"));
        server.start();
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String session = exchange.getRequestURI().getPath().substring("/api/sessions/".length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("DELETE")) {
            removed.add(session);
            ServerSocketChannel socket = sockets.remove(session);
            if (socket != null) {
                socket.close();
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
            return;
        }
        beforeOpening.run();
        registered.add(body);
        Path socket = runDir.resolve(new SandboxName(session).hash()).resolve("egress/egress.sock");
        Files.createDirectories(socket.getParent());
        if (!sockets.containsKey(session)) {
            Files.deleteIfExists(socket);
            sockets.put(
                    session,
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)));
        }
        answer(exchange, "{\"socket\":\"" + socket + "\",\"caPem\":\"" + trusted.replace("\n", "\\n") + "\"}");
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] answer = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        for (ServerSocketChannel socket : sockets.values()) {
            socket.close();
        }
    }
}
