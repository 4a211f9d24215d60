package dev.slipway.session.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for workspace-service and container-service over HTTP: workspaces whose id begins with {@code w} exist, and each
 * session has a {@link ScriptedAgent}.
 */
public final class PeerServices implements AutoCloseable {
    private static final Pattern AGENT = Pattern.compile("/internal/projects/[^/]+/sandboxes/([^/]+)/agent/(.+)");
    private static final Map<String, Object> NO_ROOM = Map.of(
            "type",
            "https://slipway.dev/problems/limit-reached",
            "title",
            "Conflict",
            "status",
            409,
            "detail",
            "The project's limit of memory is reached.");
    private static final Argument<Map<String, Object>> OBJECT = Argument.mapOf(String.class, Object.class);

    private final ObjectMapper json = ObjectMapper.getDefault();
    private final Map<String, ScriptedAgent> agents = new ConcurrentHashMap<>();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final HttpServer server;
    private volatile String newestImage = "sha256:1";
    private volatile List<Map<String, Object>> images = List.of();
    private volatile Map<String, Object> applied = Map.of();
    private volatile boolean room = true;

    public PeerServices() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The supervisor of a session's sandbox. */
    public ScriptedAgent agent(String sessionId) {
        return agents.computeIfAbsent(sessionId, _ -> new ScriptedAgent());
    }

    /** container-service finds this image from now on. */
    public void newestImage(String digest) {
        newestImage = digest;
    }

    /** What container-service says that sandboxes run, of this project and of others. */
    public void images(List<Map<String, Object>> seen) {
        images = List.copyOf(seen);
    }

    /** Whether container-service finds room for another sandbox. */
    public void room(boolean isRoom) {
        room = isRoom;
    }

    /** What workspace-service was asked to apply last. */
    public Map<String, Object> applied() {
        return applied;
    }

    /** The sandbox and its volume are gone; the next one begins anew. */
    public void replaceSandbox(String sessionId) {
        agents.remove(sessionId);
    }

    /** Nobody reaches the session's sandbox, until it is found again. */
    public void lose(String sessionId, boolean isLost) {
        if (isLost) {
            lost.add(sessionId);
        } else {
            lost.remove(sessionId);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Matcher agent = AGENT.matcher(path);
            if (agent.matches() && lost.contains(agent.group(1))) {
                answer(exchange, 503, Map.of());
            } else if (agent.matches()) {
                serveAgent(exchange, agent.group(1), agent.group(2));
            } else if (path.endsWith("/image")) {
                answer(exchange, 200, Map.of("image", "image:1", "digest", "sha256:1", "newest", newestImage));
            } else if (path.endsWith("/room")) {
                answer(exchange, room ? 204 : 409, room ? Map.of() : NO_ROOM);
            } else if (path.equals("/internal/images/refresh")) {
                String wanted = exchange.getRequestURI().getRawQuery().replaceFirst(".*project=", "");
                answer(
                        exchange,
                        200,
                        Map.of(
                                "sessions",
                                images.stream()
                                        .filter(image -> wanted.equals(image.get("projectId")))
                                        .toList()));
            } else if (path.endsWith("/workspaces")) {
                answer(exchange, 200, Map.of("workspaces", List.of(Map.of("id", "w1"))));
            } else if (path.endsWith("/diff")) {
                Map<String, Object> file = Map.of("path", "hello.txt", "status", "added", "patch", "+hello");
                answer(exchange, 200, Map.of("files", List.of(file)));
            } else if (path.endsWith("/apply")) {
                applied = json.readValue(exchange.getRequestBody().readAllBytes(), OBJECT);
                answer(exchange, 200, Map.of("ok", true, "commit", "c1", "branch", "main"));
            } else {
                boolean known = path.matches("/internal/projects/[^/]+/workspaces/w[^/]*");
                answer(exchange, known ? 200 : 404, Map.of("id", "w"));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveAgent(HttpExchange exchange, String sessionId, String path)
            throws IOException, InterruptedException {
        ScriptedAgent agent = agent(sessionId);
        String[] parts = path.split("/", -1);
        Map<String, Object> body = exchange.getRequestMethod().equals("POST")
                ? json.readValue(exchange.getRequestBody().readAllBytes(), OBJECT)
                : Map.of();
        switch (parts[0]) {
            case "session" -> answer(exchange, 200, agent.status());
            case "journal" -> follow(exchange, sessionId, agent);
            case "turns" -> answer(exchange, parts.length == 1 ? agent.begin(body) : agent.cancel(parts[1]), Map.of());
            case "requests" -> answer(exchange, agent.answer(parts[1], body), Map.of());
            default -> answer(exchange, 404, Map.of());
        }
    }

    private void follow(HttpExchange exchange, String sessionId, ScriptedAgent agent)
            throws IOException, InterruptedException {
        Matcher after =
                Pattern.compile("after=(\\d+)").matcher(exchange.getRequestURI().getQuery());
        long seen = after.find() ? Long.parseLong(after.group(1)) : 0;
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!Thread.currentThread().isInterrupted() && !lost.contains(sessionId)) {
                List<Map<String, Object>> entries = agent.after(seen, 500);
                for (Map<String, Object> entry : entries) {
                    out.write(json.writeValueAsBytes(entry));
                    out.write('\n');
                }
                if (entries.isEmpty()) {
                    out.write('\n');
                }
                out.flush();
                seen += entries.size();
            }
        }
    }

    private void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        if (status == 204) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        byte[] bytes = json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        if (status >= 400) {
            exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
