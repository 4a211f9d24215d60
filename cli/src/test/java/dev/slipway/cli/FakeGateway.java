package dev.slipway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** A server that answers as it is told, and the command line run against it. */
final class FakeGateway implements AutoCloseable {
    final List<String> requests = new ArrayList<>();
    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    FakeGateway() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** What one request is answered with. */
    record Answer(int status, String contentType, String body, boolean broken) {}

    /** How a command ended and what it printed. */
    record Run(int exitCode, String out, String err) {}

    FakeGateway json(String methodAndPath, int status, String body) {
        answers.put(methodAndPath, new Answer(status, "application/json", body, false));
        return this;
    }

    FakeGateway stream(String methodAndPath, String body, boolean broken) {
        answers.put(methodAndPath, new Answer(200, "text/event-stream", body, broken));
        return this;
    }

    Run run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = "http://127.0.0.1:" + server.getAddress().getPort();
        int code = Main.run(terminal, all);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String resumed = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Last-Event-ID"), "");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add((request + " " + resumed + " " + body).strip());
        Answer answer = answers.getOrDefault(
                request, new Answer(404, "application/problem+json", "{\"detail\":\"No such thing.\"}", false));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", answer.contentType());
        // A length that is never reached is how a broken connection looks to the client.
        exchange.sendResponseHeaders(answer.status(), answer.broken() ? bytes.length + 1000L : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().flush();
        exchange.close();
    }
}
