package dev.slipway.agent.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.agent.command.CommandRun;
import dev.slipway.agent.files.WorkspaceFiles;
import dev.slipway.agent.http.HttpRequest;
import dev.slipway.agent.http.HttpResponse;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.http.Router;
import dev.slipway.agent.session.Supervisor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a command: {@code POST /exec {"command":[…],"cwd"?,"timeoutMs","outputBytes"}}. The answer is its JSON after as many
 * blank lines as it takes, so that a client who leaves is noticed, and the command ended.
 */
public final class CommandApi {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int OUTPUT_BYTES_MAX = 4 << 20;
    private static final long TIMEOUT_MS_MAX = 3_600_000;
    private static final int RUNS_MAX = 8;

    private final Supervisor supervisor;
    private final Path workspace;
    private final AtomicInteger running = new AtomicInteger();

    public CommandApi(Supervisor supervisor, Path workspace) {
        this.supervisor = supervisor;
        this.workspace = workspace;
    }

    /** Adds its row to the table of paths. */
    public void addTo(Router router) {
        router.route("POST", "/exec", (request, _) -> run(request));
    }

    /** How many run. */
    public int running() {
        return running.get();
    }

    private HttpResponse run(HttpRequest request) throws IOException {
        JsonNode body = request.json(BODY_BYTES_MAX);
        List<String> command = new ArrayList<>();
        body.path("command").forEach(word -> command.add(word.asText()));
        if (command.isEmpty()) {
            throw Problem.of(400, "command is missing.");
        }
        if (!supervisor.hasWorkspace()) {
            throw Problem.retryLater("The session's files are not here yet.");
        }
        Path folder = new WorkspaceFiles(workspace).folder(body.path("cwd").asText(""));
        Duration timeout = Duration.ofMillis(Math.clamp(body.path("timeoutMs").asLong(60_000), 1, TIMEOUT_MS_MAX));
        int bytes = Math.clamp(body.path("outputBytes").asInt(1 << 20), 1, OUTPUT_BYTES_MAX);
        if (running.incrementAndGet() > RUNS_MAX) {
            running.decrementAndGet();
            throw Problem.retryLater("Too many commands run in this sandbox.");
        }
        try {
            CommandRun run = CommandRun.start(command, folder, supervisor.environment(), timeout, bytes);
            return new HttpResponse.Streamed(200, "application/json", out -> {
                try (run) {
                    follow(run, out);
                } finally {
                    running.decrementAndGet();
                }
            });
        } catch (IOException e) {
            running.decrementAndGet();
            throw Problem.of(422, "The command cannot be started: " + e.getMessage());
        }
    }

    private static void follow(CommandRun run, OutputStream out) throws IOException, InterruptedException {
        while (!run.await(LOOK_EVERY)) {
            out.write('\n');
            out.flush();
        }
        CommandRun.Result result = run.result();
        out.write(JsonNodeFactory.instance
                .objectNode()
                .put("code", result.code())
                .put("stdout", result.output())
                .put("stderr", result.error())
                .put("durationMs", result.took().toMillis())
                .put("truncated", result.truncated())
                .toString()
                .getBytes(StandardCharsets.UTF_8));
    }
}
