package dev.slipway.workspace.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A hosting site: the repositories of a folder behind git's own http-backend, and large files, for those who show a user name and a
 * password. Speaks plain HTTP on loopback; whoever stands before it does TLS.
 */
public final class GitHost implements AutoCloseable {
    private static final Pattern OBJECT = Pattern.compile("\"oid\":\\s*\"([0-9a-f]{64})\",\\s*\"size\":\\s*(\\d+)");

    private final HttpServer server;
    private final Path folder;
    private final String authorization;
    private final Map<String, byte[]> largeFiles = new ConcurrentHashMap<>();

    private GitHost(HttpServer server, Path folder, String authorization) {
        this.server = server;
        this.folder = folder;
        this.authorization = authorization;
    }

    /** Serves the repositories in a folder to this user. */
    public static GitHost serve(Path folder, String user, String password) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            GitHost host = new GitHost(server, folder, basic(user, password));
            server.createContext("/", host::handle);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of an authorization header. */
    public static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    /** Answers a path itself. */
    public void answer(String path, Answerer answerer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                    exchange.sendResponseHeaders(401, -1);
                    return;
                }
                String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                Said said = answerer.answer(
                        exchange.getRequestMethod(), exchange.getRequestURI().toString(), body);
                byte[] bytes = said.json().getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(said.status(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    /** What an API says. */
    public record Said(int status, String json) {}

    /** Plays an API. */
    public interface Answerer {
        /** The answer to a request. */
        Said answer(String method, String uri, String body);
    }

    /** Keeps a large file. */
    public void keep(String oid, byte[] content) {
        largeFiles.put(oid, content);
    }

    /** Its port on loopback. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else if (path.endsWith("/info/lfs/objects/batch")) {
                batch(exchange);
            } else if (path.startsWith("/large/")) {
                byte[] content = largeFiles.get(path.substring("/large/".length()));
                exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
                if (content != null) {
                    exchange.getResponseBody().write(content);
                }
            } else {
                git(exchange, path);
            }
        }
    }

    private void batch(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String host = exchange.getRequestHeaders().getFirst("Host");
        StringBuilder objects = new StringBuilder();
        Matcher object = OBJECT.matcher(request);
        while (object.find()) {
            objects.append(objects.isEmpty() ? "" : ",")
                    .append("{\"oid\":\"%s\",\"size\":%s,\"actions\":{\"download\":{\"href\":\"https://%s/large/%s\"}}}"
                            .formatted(object.group(1), object.group(2), host, object.group(1)));
        }
        byte[] answer = ("{\"transfer\":\"basic\",\"objects\":[" + objects + "]}").getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.git-lfs+json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
    }

    /** As a web server runs a CGI program (RFC 3875). */
    private void git(HttpExchange exchange, String path) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "-c", "http.receivepack=true", "http-backend");
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("GIT_PROJECT_ROOT", folder.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("GIT_CONFIG_COUNT", "1");
        environment.put("GIT_CONFIG_KEY_0", "safe.directory");
        environment.put("GIT_CONFIG_VALUE_0", "*");
        environment.put("REMOTE_USER", "user");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", path);
        environment.put("QUERY_STRING", orEmpty(exchange.getRequestURI().getRawQuery()));
        environment.put("CONTENT_TYPE", orEmpty(exchange.getRequestHeaders().getFirst("Content-Type")));
        environment.put(
                "HTTP_CONTENT_ENCODING", orEmpty(exchange.getRequestHeaders().getFirst("Content-Encoding")));
        environment.put("GIT_PROTOCOL", orEmpty(exchange.getRequestHeaders().getFirst("Git-Protocol")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        try (InputStream out = process.getInputStream()) {
            int status = 200;
            for (String line = line(out); !line.isEmpty(); line = line(out)) {
                String name = line.substring(0, line.indexOf(':'));
                String value = line.substring(line.indexOf(':') + 1).strip();
                if (name.equalsIgnoreCase("Status")) {
                    status = Integer.parseInt(value.substring(0, 3));
                } else {
                    exchange.getResponseHeaders().set(name, value);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            out.transferTo(exchange.getResponseBody());
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next;
        while ((next = in.read()) >= 0 && next != '\n') {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(US_ASCII);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
