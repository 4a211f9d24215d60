package dev.slipway.agent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.http.HttpRequest;
import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.terminal.Terminal;
import dev.slipway.agent.terminal.TerminalReader;
import dev.slipway.agent.terminal.TerminalReader.Item;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The terminal, for container-service, which makes WebSockets of it. */
public final class TerminalApi {
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int INPUT_BYTES_MAX = 256 * 1024;
    private static final int BODY_BYTES_MAX = 4 * 1024;
    private static final Map<String, Integer> SIGNALS = Map.of(
            "HUP", 1, "INT", 2, "QUIT", 3, "KILL", 9, "USR1", 10, "USR2", 12, "TERM", 15, "CONT", 18, "TSTP", 20);

    private final Terminal terminal;

    public TerminalApi(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Adds its rows to the table of paths. */
    public void addTo(Router router) {
        router.route("GET", "/terminal", (_, _) -> HttpResponse.json(200, terminal.status()))
                .route("POST", "/terminal", (request, _) -> open(request))
                .route("GET", "/terminal/output", (request, _) -> output(request))
                .route("POST", "/terminal/input", (request, _) -> input(request))
                .route("POST", "/terminal/resize", (request, _) -> resize(request))
                .route("POST", "/terminal/signal", (request, _) -> signal(request));
    }

    private HttpResponse open(HttpRequest request) throws IOException {
        JsonNode body = request.json(BODY_BYTES_MAX);
        OptionalLong since =
                body.hasNonNull("since") ? position(body.path("since").asText()) : OptionalLong.empty();
        terminal.open(size(body, "rows"), size(body, "columns"), since);
        return HttpResponse.json(200, terminal.status());
    }

    private HttpResponse resize(HttpRequest request) throws IOException {
        JsonNode body = request.json(BODY_BYTES_MAX);
        terminal.resize(size(body, "rows"), size(body, "columns"));
        return HttpResponse.json(200, terminal.status());
    }

    private HttpResponse input(HttpRequest request) throws IOException {
        byte[] bytes = request.body().readNBytes(INPUT_BYTES_MAX + 1);
        if (bytes.length > INPUT_BYTES_MAX) {
            throw Problem.of(413, "The input is larger than " + INPUT_BYTES_MAX + " bytes.");
        }
        if (!terminal.isRunning()) {
            throw Problem.of(409, "No shell runs in the terminal.");
        }
        if (!terminal.input(bytes)) {
            throw Problem.retryLater("Nothing in the terminal reads its input.");
        }
        return HttpResponse.json(200, object());
    }

    private HttpResponse signal(HttpRequest request) throws IOException {
        String name = request.json(BODY_BYTES_MAX).path("signal").asText("");
        Integer number = SIGNALS.get(name.startsWith("SIG") ? name.substring(3) : name);
        if (number == null) {
            throw Problem.of(400, "signal is none of HUP, INT, QUIT, KILL, USR1, USR2, TERM, CONT, TSTP.");
        }
        if (!terminal.signal(number)) {
            throw Problem.of(409, "No shell runs in the terminal.");
        }
        return HttpResponse.json(200, object());
    }

    private HttpResponse output(HttpRequest request) {
        Optional<String> since = request.parameter("since").filter(text -> !text.isEmpty());
        TerminalReader reader = terminal.read(since.isPresent() ? position(since.get()) : OptionalLong.empty());
        boolean follow = request.flag("follow");
        return new HttpResponse.Streamed(200, "application/x-ndjson", out -> {
            write(out, object().put("seq", reader.position()).put("event", "position"));
            boolean going = true;
            while (going) {
                long changes = reader.changes();
                boolean over = reader.isOver();
                copy(reader, out);
                out.flush();
                going = follow && !over;
                if (going && !reader.await(changes, HEARTBEAT)) {
                    out.write('\n');
                }
            }
        });
    }

    private static void copy(TerminalReader reader, OutputStream out) throws IOException {
        for (Optional<Item> next = reader.next(); next.isPresent(); next = reader.next()) {
            write(out, line(next.get()));
        }
    }

    private static ObjectNode line(Item item) {
        ObjectNode line = object().put("seq", item.seq());
        return switch (item) {
            case Item.Output output -> line.put("data", output.base64());
            case Item.Started started -> line.put("event", "started").put("time", started.time());
            case Item.Exited exited ->
                line.put("event", "exited").put("time", exited.time()).put("exitCode", exited.code());
        };
    }

    private static void write(OutputStream out, ObjectNode line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static int size(JsonNode body, String name) {
        int value = body.path(name).asInt(0);
        if (value < 1 || value > 1000) {
            throw Problem.of(400, name + " is no number from 1 to 1000.");
        }
        return value;
    }

    private static OptionalLong position(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw Problem.of(400, "since is not a position.");
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
