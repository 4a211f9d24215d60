package dev.slipway.agent.services;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.http.Problem;
import dev.slipway.agent.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Services of the repository, such as a development server. One whose script holds nothing but settings is passive: somebody
 * else starts it, and only its port is known here.
 */
public final class Services implements AutoCloseable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final Path workspace;
    private final Path folder;
    private final Supplier<Map<String, String>> environment;
    private final Clock clock;
    private final Map<String, Run> runs = new ConcurrentHashMap<>();

    private record Run(Process process, Instant startedAt, ScriptOutput output) {}

    /** @param folder for what they write */
    public Services(Path workspace, Path folder, Supplier<Map<String, String>> environment, Clock clock) {
        this.workspace = workspace;
        this.folder = folder;
        this.environment = environment;
        this.clock = clock;
    }

    /** Starts those that ask for it ({@code autostart: true}); one that cannot be started is told in the log. */
    public void startWanted() {
        try {
            for (Script script : Script.find(workspace, "services")) {
                if (script.setting("autostart").filter("true"::equals).isPresent() && script.hasProgram()) {
                    start(script.id());
                }
            }
        } catch (IOException | Problem e) {
            Log.warn("the repository's services cannot be started", "error", e.getMessage());
        }
    }

    /** All of them, in order. */
    public ArrayNode list() throws IOException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Script script : Script.find(workspace, "services")) {
            all.add(describe(script));
        }
        return all;
    }

    private ObjectNode describe(Script script) {
        @Nullable Run run = runs.get(script.id());
        boolean alive = run != null && run.process.isAlive();
        ObjectNode service = JsonNodeFactory.instance.objectNode();
        service.put("id", script.id()).put("name", script.name());
        service.put("description", script.setting("description").orElse(null));
        service.put("http", script.port("http").orElse(null));
        service.put("https", script.port("https").orElse(null));
        service.put("path", script.setting("path").orElse("/"));
        service.put("status", alive ? "running" : "stopped");
        service.put("passive", !script.hasProgram());
        service.put("pid", run != null && alive ? run.process.pid() : null);
        service.put("startedAt", run != null && alive ? run.startedAt.toString() : null);
        return service.put("exitCode", run == null || alive ? null : run.process.exitValue());
    }

    /** Starts one. */
    public synchronized void start(String id) throws IOException {
        Script script = need(id);
        if (!script.hasProgram()) {
            throw Problem.of(400, "This service is passive: it names a port, and nothing to run.");
        }
        @Nullable Run present = runs.get(id);
        if (present != null && present.process.isAlive()) {
            throw Problem.of(409, "This service runs already, as process " + present.process.pid() + ".");
        }
        ProcessBuilder builder = new ProcessBuilder(script.command())
                .directory(workspace.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment.get());
        script.port("http")
                .or(() -> script.port("https"))
                .ifPresent(port -> builder.environment().put("PORT", port.toString()));
        Process process = builder.start();
        process.getOutputStream().close();
        ScriptOutput output = outputOf(id);
        Thread.ofVirtual().name("service-output").start(() -> output.copy(process.getInputStream()));
        runs.put(id, new Run(process, clock.instant(), output));
        Log.info("service started", "service", id, "pid", process.pid());
    }

    /** Stops one with all that it has started: politely, then not. */
    public synchronized void stop(String id) throws IOException, InterruptedException {
        need(id);
        @Nullable Run run = runs.get(id);
        if (run == null || !run.process.isAlive()) {
            throw Problem.of(400, "This service does not run.");
        }
        end(run);
    }

    private static void end(Run run) throws InterruptedException {
        var descendants = run.process.descendants().toList();
        descendants.forEach(ProcessHandle::destroy);
        // Its handle, since the process would close its output, and what it says at its end would be lost.
        run.process.toHandle().destroy();
        if (!run.process.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            run.process.destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /** What one wrote since it was started last. */
    public String output(String id) throws IOException {
        need(id);
        return outputOf(id).text();
    }

    /** Whether any of them runs. */
    public boolean isAnyRunning() {
        return runs.values().stream().anyMatch(run -> run.process.isAlive());
    }

    private Script need(String id) throws IOException {
        Optional<Script> script = Script.find(workspace, "services", id);
        return script.orElseThrow(() -> Problem.of(404, "The repository has no service of this name."));
    }

    private ScriptOutput outputOf(String id) {
        return new ScriptOutput(folder.resolve("service-" + id + ".log"));
    }

    @Override
    public void close() {
        runs.values().forEach(run -> {
            run.process.descendants().forEach(ProcessHandle::destroy);
            run.process.destroy();
        });
    }
}
