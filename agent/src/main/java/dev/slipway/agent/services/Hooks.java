package dev.slipway.agent.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Setup hooks: each runs once in a session's life, when its files have come, one after the other. One that fails is told and
 * does not keep the session from starting. What became of each lies on the volume, so that a resumed sandbox runs none again.
 */
public final class Hooks {
    private static final Duration TIME_MAX = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path workspace;
    private final Path folder;
    private final Supplier<Map<String, String>> environment;
    private final Clock clock;
    private final ObjectNode results;
    private volatile @Nullable Running running;
    private volatile boolean settled;

    private record Running(Script script, ScriptOutput output) {}

    private Hooks(
            Path workspace, Path folder, Supplier<Map<String, String>> environment, Clock clock, ObjectNode results) {
        this.workspace = workspace;
        this.folder = folder;
        this.environment = environment;
        this.clock = clock;
        this.results = results;
    }

    /** Those of a work tree, with what earlier lives of the sandbox made of them in {@code folder}. */
    public static Hooks of(Path workspace, Path folder, Supplier<Map<String, String>> environment, Clock clock) {
        ObjectNode results = JsonNodeFactory.instance.objectNode();
        try {
            JsonNode stored = JSON.readTree(Files.readAllBytes(folder.resolve("hooks.json")));
            if (stored instanceof ObjectNode known) {
                results = known;
            }
        } catch (NoSuchFileException _) {
            // The session's first start.
            return new Hooks(workspace, folder, environment, clock, results);
        } catch (IOException e) {
            Log.warn("what became of the hooks cannot be read", "error", e.getMessage());
        }
        return new Hooks(workspace, folder, environment, clock, results);
    }

    /** Runs those that have not run yet. Returns when all are done. */
    public void runSetup() {
        try {
            List<Script> scripts = Script.find(workspace, "hooks");
            for (Script script : scripts) {
                if (isSetup(script) && !known(script.id())) {
                    run(script);
                }
            }
        } catch (IOException e) {
            Log.warn("the repository's hooks cannot be read", "error", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            settled = true;
        }
    }

    /** Whether the setup is over, well or not. */
    public boolean isSettled() {
        return settled;
    }

    /**
     * Runs one again, now.
     *
     * @return its exit code; empty if there is none of that name
     */
    public Optional<Integer> rerun(String id) throws IOException, InterruptedException {
        Optional<Script> script = Script.find(workspace, "hooks", id);
        return script.isEmpty() ? Optional.empty() : Optional.of(run(script.get()));
    }

    /** What {@code GET /hooks/status} answers. */
    public ObjectNode status() throws IOException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode hooks = answer.putObject("hooks");
        Running now = running;
        for (Script script : Script.find(workspace, "hooks")) {
            ObjectNode hook = hooks.putObject(script.id())
                    .put("hookId", script.id())
                    .put("hookName", script.name())
                    .put("type", script.setting("type").orElse("session"));
            boolean runs = now != null && now.script.id().equals(script.id());
            synchronized (results) {
                hook.put("lastResult", runs ? "running" : "pending");
                if (!runs && results.get(script.id()) instanceof ObjectNode result) {
                    hook.setAll(result);
                }
            }
        }
        answer.put("settled", settled);
        answer.put("running", now == null ? null : now.script.name());
        return answer.put("lastLine", now == null ? null : now.output.lastLine());
    }

    /** What one wrote when it ran last. */
    public String output(String id) throws IOException {
        return outputOf(id).text();
    }

    private int run(Script script) throws InterruptedException {
        ScriptOutput output = outputOf(script.id());
        int code = -1;
        synchronized (this) {
            running = new Running(script, output);
            try {
                code = execute(script, output);
            } finally {
                running = null;
            }
        }
        remember(script, code);
        Log.info("hook has run", "hook", script.id(), "code", code);
        return code;
    }

    private int execute(Script script, ScriptOutput output) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(script.command())
                    .directory(workspace.toFile())
                    .redirectErrorStream(true);
            builder.environment().putAll(environment.get());
            Process process = builder.start();
            process.getOutputStream().close();
            Thread reader = Thread.ofVirtual().name("hook-output").start(() -> output.copy(process.getInputStream()));
            boolean ended = process.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            // Its handle, since the process would close its output, of which the last may not have been read yet.
            process.toHandle().destroyForcibly();
            reader.join(Duration.ofSeconds(2));
            process.destroyForcibly();
            return ended ? process.exitValue() : 124;
        } catch (IOException e) {
            Log.warn("hook cannot be started", "hook", script.id(), "error", e.getMessage());
            return 126;
        }
    }

    private void remember(Script script, int code) {
        synchronized (results) {
            int runs = results.path(script.id()).path("runCount").asInt() + 1;
            int failures = results.path(script.id()).path("failCount").asInt() + (code == 0 ? 0 : 1);
            results.putObject(script.id())
                    .put("lastRunAt", clock.instant().toString())
                    .put("lastResult", code == 0 ? "success" : "failure")
                    .put("lastExitCode", code)
                    .put("runCount", runs)
                    .put("failCount", failures);
            Path file = folder.resolve("hooks.json");
            Path next = folder.resolve("hooks.json.new");
            try {
                Files.createDirectories(folder);
                Files.write(next, JSON.writeValueAsBytes(results));
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                Log.warn("what became of a hook cannot be written down", "error", e.getMessage());
            }
        }
    }

    private boolean known(String id) {
        synchronized (results) {
            return results.has(id);
        }
    }

    private ScriptOutput outputOf(String id) {
        return new ScriptOutput(folder.resolve("hook-" + id.replaceAll("[^a-z0-9-]", "-") + ".log"));
    }

    private static boolean isSetup(Script script) {
        String type = script.setting("type").orElse("session");
        return type.equals("session") || type.equals("setup");
    }
}
