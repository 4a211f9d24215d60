package dev.slipway.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * An MCP server of one tool, {@code hail}, by the streamable HTTP transport: answers to calls are event streams, one session per
 * client, no stream of its own. It wants its header with every request, and a session with every one but the first.
 */
final class McpHttpServer implements AutoCloseable {
    /** The name under which sandboxes know it. */
    static final String HOST = "mcp.example.com";

    static final String ANSWER = "hail from the MCP server over HTTP";
    static final String HEADER = "X-Mcp-Key";
    static final String HEADER_VALUE = "let-me-in";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SESSION = "Mcp-Session-Id";

    private final HttpServer server;
    private final List<String> sessions = new CopyOnWriteArrayList<>();
    /** The sessions in which the tool was called, in order. */
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private McpHttpServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mcp", this::serve);
        server.start();
    }

    static McpHttpServer start() {
        try {
            return new McpHttpServer();
        } catch (IOException e) {
            throw new AssertionError("the MCP server does not start", e);
        }
    }

    /** For the proxy: where the host really is. */
    String upstream() {
        return HOST + "=http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often the tool was called. */
    int calls() {
        return calls.size();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!HEADER_VALUE.equals(exchange.getRequestHeaders().getFirst(HEADER))) {
                exchange.sendResponseHeaders(403, -1);
            } else if (exchange.getRequestMethod().equals("DELETE")) {
                exchange.sendResponseHeaders(204, -1);
            } else if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
            } else {
                take(exchange, JSON.readTree(exchange.getRequestBody()));
            }
        }
    }

    private void take(HttpExchange exchange, JsonNode message) throws IOException {
        String method = message.path("method").asText();
        String session = exchange.getRequestHeaders().getFirst(SESSION);
        if (!method.equals("initialize") && (session == null || !sessions.contains(session))) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (!message.has("id")) {
            exchange.sendResponseHeaders(202, -1);
            return;
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        switch (method) {
            case "initialize" -> {
                sessions.add(UUID.randomUUID().toString());
                exchange.getResponseHeaders().set(SESSION, sessions.getLast());
                result.set("protocolVersion", message.path("params").path("protocolVersion"));
                result.putObject("capabilities").putObject("tools");
                result.putObject("serverInfo").put("name", "hail").put("version", "1");
            }
            case "tools/list" -> {
                ObjectNode tool =
                        result.putArray("tools").addObject().put("name", "hail").put("description", "Answers.");
                tool.putObject("inputSchema")
                        .put("type", "object")
                        .putObject("properties")
                        .putObject("text")
                        .put("type", "string");
            }
            case "tools/call" -> {
                calls.add(session);
                result.putArray("content").addObject().put("type", "text").put("text", ANSWER);
            }
            default -> {
                // Nothing to say, as to a ping.
            }
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        answer.set("id", message.path("id"));
        answer.set("result", result);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(("event: message\ndata: " + answer + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
