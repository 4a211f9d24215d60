package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every agent in every case that users meet: real agents in real sandboxes against the scripted model. The agents run side by
 * side, each through its cases in order; then each cell of the table is a test, and the table is printed.
 */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentCasesTest {
    private static final List<String> AGENTS = List.of("claude-code", "codex", "opencode", "gemini-cli");
    /** In this order: what breaks a turn comes last. */
    private static final Map<String, Case> CASES = cases();

    private static final long CASE_SECONDS = 240;

    private final Map<String, Map<String, Cell>> table = new ConcurrentHashMap<>();
    private Path folder = Path.of("unset");
    private FakeLlm model;
    private McpHttpServer mcp;
    private Slipway slipway;
    private Api api;

    @SuppressWarnings("NullAway.Init") // the fields are set before the first cell
    AgentCasesTest() {}

    /** What is done with an agent, and what must come of it. */
    private interface Case {
        void run(AgentUnderTest agent) throws IOException;
    }

    /** What came of a case; {@code failure} is null if it went well. */
    private record Cell(@org.jspecify.annotations.Nullable Throwable failure, long millis) {}

    @BeforeAll
    void runAll() throws Exception {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        mcp = McpHttpServer.start();
        Map<String, String> environment = new HashMap<>(model.environment());
        // Its own host, which the proxy has to let through, and finds here.
        environment.merge("SLIPWAY_UPSTREAMS", mcp.upstream(), (one, other) -> one + "," + other);
        environment.put("SLIPWAY_EGRESS_ALLOW", McpHttpServer.HOST);
        slipway = Slipway.start(Slipway.Shape.ONE_JVM, folder, environment);
        api = slipway.api();
        store("anthropic", model.anthropicKey);
        store("openai", model.openaiKey);
        store("google", model.geminiKey);
        try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
            AGENTS.forEach(type -> side.submit(() -> runCases(type)));
        }
        printTable();
    }

    @AfterAll
    void stop() {
        try (FakeLlm _ = model;
                McpHttpServer _ = mcp;
                Slipway _ = slipway) {
            api.get("/api/projects/local/sessions?limit=200")
                    .expect(200)
                    .path("sessions")
                    .forEach(session -> api.send(
                            "DELETE",
                            "/api/projects/local/sessions/" + session.path("id").asText(),
                            null));
        }
    }

    @TestFactory
    Stream<DynamicContainer> everyAgentInEveryCase() {
        return AGENTS.stream()
                .map(agent -> DynamicContainer.dynamicContainer(
                        agent,
                        CASES.keySet().stream().map(name -> DynamicTest.dynamicTest(name, () -> check(agent, name)))));
    }

    private void check(String agent, String name) throws Throwable {
        Cell cell = table.getOrDefault(agent, Map.of()).get(name);
        assertThat(cell).as("%s: %s was run", agent, name).isNotNull();
        if (cell != null && cell.failure() != null) {
            throw cell.failure();
        }
    }

    private void store(String provider, String key) {
        api.post(
                        "/api/projects/local/credentials",
                        Map.of("provider", provider, "name", provider, "authType", "api_key", "apiKey", key))
                .expect(200);
    }

    private void runCases(String type) {
        Map<String, Cell> cells = new ConcurrentHashMap<>();
        table.put(type, cells);
        try (ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
            AgentUnderTest agent = new AgentUnderTest(api, type, Repositories.small(folder.resolve("repo-" + type)));
            CASES.forEach((name, what) -> cells.put(name, run(one, agent, what)));
        } catch (AssertionError | RuntimeException e) {
            CASES.keySet().forEach(name -> cells.putIfAbsent(name, new Cell(e, 0)));
        }
    }

    private static Cell run(ExecutorService one, AgentUnderTest agent, Case what) {
        long began = System.nanoTime();
        Future<?> running = one.submit(() -> {
            what.run(agent);
            return true;
        });
        Throwable failure = null;
        try {
            running.get(CASE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            failure = e.getCause();
        } catch (TimeoutException e) {
            running.cancel(true);
            failure = new AssertionError("not done within " + CASE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e;
        }
        if (failure != null) {
            agent.settle();
        }
        return new Cell(failure, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    }

    private void printTable() {
        List<String> lines = new ArrayList<>();
        lines.add("| case | " + String.join(" | ", AGENTS) + " |");
        lines.add("| --- |" + " --- |".repeat(AGENTS.size()));
        CASES.keySet().forEach(name -> {
            List<String> row = AGENTS.stream()
                    .map(agent -> table.getOrDefault(agent, Map.of()).get(name))
                    .map(cell -> cell == null
                            ? "not run"
                            : (cell.failure() == null ? "ok, " : "FAILED, ") + cell.millis() + " ms")
                    .toList();
            lines.add("| " + name + " | " + String.join(" | ", row) + " |");
        });
        System.out.println(String.join("\n", lines));
    }

    private static Map<String, Case> cases() {
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("write", agent -> {
            agent.finishes(
                    "[[script:write path=hello.txt content=\"made by an agent\"]]",
                    "text-delta",
                    "tool-output-available");
            agent.hasChanged("hello.txt");
        });
        cases.put("edit", agent -> {
            // A whole line: Codex changes files by patches, which know nothing smaller.
            agent.finishes(
                    "[[script:edit path=README.md old=\"# A small project\" new=\"# An edited project\"]]",
                    "tool-output-available");
            agent.hasChanged("README.md");
        });
        cases.put("shell", agent -> {
            // Gemini refuses a command with a substitution in it.
            List<ChatStream.Frame> frames = agent.finishes(
                    "[[script:shell cmd=\"printf out-%s 42 > shell.txt; cat shell.txt\"]]", "tool-output-available");
            agent.hasChanged("shell.txt");
            // Gemini says nothing of a command's output in its protocol.
            if (!agent.type.equals("gemini-cli")) {
                assertThat(frames.toString()).contains("out-42");
            }
        });
        cases.put("plan", agent -> agent.finishes("[[script:plan]]", "text-delta"));
        cases.put("reasoning", agent -> agent.finishes("[[script:reason]]", "reasoning-delta"));
        cases.put(
                "MCP tool",
                agent -> assertThat(agent.finishes("[[script:mcp tool=pong]]", "tool-output-available")
                                .toString())
                        .contains("pong of the MCP server"));
        cases.put(
                "MCP tool over HTTP",
                agent -> assertThat(agent.finishes("[[script:mcp tool=hail]]", "tool-output-available")
                                .toString())
                        .contains(McpHttpServer.ANSWER));
        cases.put("permission granted", agent -> {
            agent.answers("[[script:write path=granted.txt content=yes]]", "allow");
            agent.careful().hasChanged("granted.txt");
        });
        cases.put("permission denied", agent -> {
            agent.answers("[[script:write path=denied.txt content=no]]", "reject");
            agent.careful().hasNotChanged("denied.txt");
        });
        cases.put("cancel in text", agent -> agent.isCancelledAt("[[script:slow n=300 ms=100]]", "text-delta"));
        cases.put(
                "cancel in shell", agent -> agent.isCancelledAt("[[script:slow-shell s=40]]", "tool-input-available"));
        cases.put("resume in a new process", agent -> {
            agent.finishes("[[script:plain text=\"noted\"]] The word is heliotrope.", "text-delta");
            agent.restart();
            assertThat(agent.finishes("[[script:recall word=heliotrope]]", "text-delta")
                            .toString())
                    .contains("I remember");
        });
        cases.put("connection broken", agent -> agent.comesToAnEnd("[[script:midfail]]"));
        cases.put("model error", agent -> agent.fails("[[script:error status=400 message=\"scripted failure\"]]"));
        return cases;
    }
}
