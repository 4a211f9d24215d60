package dev.slipway.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private git host as a company has one: real git behind TLS, open only to who shows its token by HTTP Basic. It notes what was
 * shown to it, so that a test can tell who had the token.
 */
final class GitHost implements AutoCloseable {
    static final String NAME = "git.example.com";
    private static final Pattern STATUS = Pattern.compile("(?i)^status: (\\d{3})");

    final String token = "canary-githost-" + UUID.randomUUID();
    /** For each request: {@code ok}, {@code none} or {@code wrong}. */
    final List<String> seen = new CopyOnWriteArrayList<>();

    private final Path folder;
    private final HttpsServer server;
    private final Path certificate;

    private GitHost(Path folder) throws IOException, GeneralSecurityException {
        this.folder = Files.createDirectories(folder);
        LocalTls tls = LocalTls.of(folder, "git-host", List.of(NAME));
        this.certificate = tls.certificate();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    static GitHost start(Path folder) {
        try {
            return new GitHost(folder);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("the git host does not start", e);
        }
    }

    /** A small repository that is served at {@code https://git.example.com/<name>.git}; returns the bare repository. */
    Path repository(String name) {
        Path work = Repositories.small(folder.resolve("work-" + name));
        Path bare = folder.resolve("served").resolve(name + ".git");
        Commands.git(folder, "clone", "-q", "--bare", work.toString(), bare.toString());
        Commands.git(bare, "config", "http.receivepack", "true");
        return bare;
    }

    /** {@code host=url} for {@code SLIPWAY_UPSTREAMS}. */
    String upstream() {
        return NAME + "=https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The certificate to trust, PEM. */
    Path certificate() {
        return certificate;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            String state = shown == null ? "none" : shown.equals(expected()) ? "ok" : "wrong";
            seen.add(state);
            if (!state.equals("ok")) {
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            backend(exchange);
        }
    }

    private String expected() {
        return "Basic " + Base64.getEncoder().encodeToString(("git:" + token).getBytes(StandardCharsets.UTF_8));
    }

    /** git's own server program, spoken to by CGI (RFC 3875). */
    private void backend(HttpExchange exchange) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("git", "http-backend").redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.put("GIT_PROJECT_ROOT", folder.resolve("served").toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REMOTE_USER", "git");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        put(environment, "QUERY_STRING", exchange.getRequestURI().getRawQuery());
        put(environment, "CONTENT_TYPE", exchange.getRequestHeaders().getFirst("Content-Type"));
        put(environment, "HTTP_CONTENT_ENCODING", exchange.getRequestHeaders().getFirst("Content-Encoding"));
        put(environment, "GIT_PROTOCOL", exchange.getRequestHeaders().getFirst("Git-Protocol"));
        Process git = builder.start();
        try (OutputStream in = git.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        try (InputStream out = new BufferedInputStream(git.getInputStream())) {
            int status = 200;
            for (String line = line(out); !line.isEmpty(); line = line(out)) {
                Matcher found = STATUS.matcher(line);
                if (found.find()) {
                    status = Integer.parseInt(found.group(1));
                } else if (!line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                    int colon = line.indexOf(':');
                    exchange.getResponseHeaders()
                            .set(
                                    line.substring(0, colon),
                                    line.substring(colon + 1).strip());
                }
            }
            exchange.sendResponseHeaders(status, 0);
            out.transferTo(exchange.getResponseBody());
        }
    }

    private static void put(
            Map<String, String> environment, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != -1 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
