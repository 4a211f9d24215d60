package dev.slipway.credential.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for mitm-proxy's admin port: keeps what it was told, or is away. */
public final class ProxyStandIn implements AutoCloseable {
    /** The pushes, each as path and body, in order. */
    public final List<String> pushed = new CopyOnWriteArrayList<>();

    /** Whether it answers 503 instead. */
    public volatile boolean away;

    private final HttpServer server;

    /** Listens on a free port. */
    public ProxyStandIn() throws IOException {
        this(0);
    }

    /** Listens on this port. */
    public ProxyStandIn(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean signed = exchange.getRequestHeaders().containsKey("X-Slipway-Identity");
        boolean refused = away || !signed || !exchange.getRequestMethod().equals("PUT");
        if (!refused) {
            pushed.add(exchange.getRequestURI().getPath() + " " + body);
        }
        exchange.sendResponseHeaders(refused ? 503 : 204, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
