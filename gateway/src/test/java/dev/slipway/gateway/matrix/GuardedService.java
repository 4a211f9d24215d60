package dev.slipway.gateway.matrix;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.gateway.matrix.Row.Least;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.InternalKey;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service behind the gateway: it believes nothing but the kit's signed identity, confines it to its project, asks for the role of
 * the table, and owns the sessions that it is given. What it answers says as whom it was asked.
 */
final class GuardedService implements AutoCloseable {
    private static final Pattern IN_PROJECT = Pattern.compile("/internal/projects/([^/]+)/(.+)");
    private static final Pattern OF_SESSION = Pattern.compile("(?:sessions|chat)/([^/]+)/?.*");

    private final HttpServer server;
    private final IdentityTokens identities;
    private final List<Row> rows;
    private final Map<String, String> projectOfSession;

    GuardedService(String name, String key, List<Row> rows, Map<String, String> projectOfSession) throws Exception {
        Constructor<?> constructor = IdentityTokens.class.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        this.identities = (IdentityTokens) constructor.newInstance(name, new InternalKey(key), Clock.systemUTC());
        this.rows = rows;
        this.projectOfSession = projectOfSession;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                answer(exchange);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String token = exchange.getRequestHeaders().getFirst(IdentityTokens.HEADER);
        Caller caller = token == null ? null : identities.verify(token).orElse(null);
        if (caller == null) {
            problem(exchange, 401, "no identity");
            return;
        }
        if (path.startsWith("/internal/sessions/")) {
            String project = projectOfSession.get(path.substring("/internal/sessions/".length()));
            if (caller.role() != Role.SYSTEM || project == null) {
                problem(exchange, 404, "There is no such session, or it is not yours.");
            } else {
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"id\":\"s\",\"projectId\":\"" + project + "\",\"workspaceId\":\"w\",\"status\":\"ready\"}");
            }
            return;
        }
        Matcher inProject = IN_PROJECT.matcher(path);
        if (!inProject.matches() || !inProject.group(1).equals(caller.projectId())) {
            problem(exchange, 404, "another project than the identity's");
            return;
        }
        Matcher session = OF_SESSION.matcher(inProject.group(2));
        if (session.matches() && !inProject.group(1).equals(projectOfSession.get(session.group(1)))) {
            problem(exchange, 404, "There is no such session, or it is not yours.");
            return;
        }
        Role least = role(exchange.getRequestMethod(), path);
        if (caller.role().compareTo(least) < 0) {
            problem(exchange, 403, "role too low");
            return;
        }
        send(exchange, 200, "application/json", "{\"role\":\"" + caller.role().wireName() + "\"}");
    }

    private Role role(String method, String path) {
        Least least = rows.stream()
                .filter(row -> row.method().equals(method)
                        && row.behind().matcher(path).matches())
                .map(Row::who)
                .min(Enum::compareTo)
                .orElse(Least.MEMBER);
        return least.inProject() ? Role.valueOf(least.name()) : Role.MEMBER;
    }

    private static void problem(HttpExchange exchange, int status, String detail) throws IOException {
        send(exchange, status, "application/problem+json", "{\"status\":" + status + ",\"detail\":\"" + detail + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
