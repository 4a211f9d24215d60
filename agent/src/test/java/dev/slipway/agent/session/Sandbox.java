package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.AgentPaths;
import dev.slipway.agent.cli.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A sandbox's folders with a real repository beside them, and a supervisor with the scripted agent in it. */
final class Sandbox implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String BRANCH = "slipway/s-1";

    final Path root;
    final Path origin;
    final AgentPaths paths;
    private final Clock clock;
    private Supervisor supervisor;

    private Sandbox(Path root, Clock clock) throws IOException, InterruptedException {
        this.clock = clock;
        this.root = root;
        this.origin = root.resolve("origin.git");
        this.paths = new AgentPaths(root.resolve("data"), root.resolve("run"), root.resolve("warm"));
        Files.createDirectories(paths.home());
        makeOrigin();
        this.supervisor = boot();
    }

    static Sandbox in(Path root) throws IOException, InterruptedException {
        return new Sandbox(root, Clock.systemUTC());
    }

    /** One that reads the time from this clock. */
    static Sandbox in(Path root, Clock clock) throws IOException, InterruptedException {
        return new Sandbox(root, clock);
    }

    private void makeOrigin() throws IOException, InterruptedException {
        Path source = Files.createDirectories(root.resolve("source"));
        git(source, "init", "-q", "-b", "main");
        Files.writeString(source.resolve("README.md"), "hello\n");
        Files.writeString(source.resolve(".gitignore"), "*.secret\n");
        git(source, "add", "-A");
        git(source, "-c", "user.name=T", "-c", "user.email=t@t", "commit", "-q", "-m", "first");
        git(source, "branch", BRANCH);
        git(root, "clone", "-q", "--bare", source.toString(), origin.toString());
    }

    private Supervisor boot() throws IOException {
        return Supervisor.start(
                paths, new Surroundings(paths.home(), 17080, paths.caFile(), paths.bundleFile()), clock);
    }

    /** As if the container were stopped in good order and started again. */
    void restart() throws IOException {
        supervisor.close();
        supervisor = boot();
    }

    /** As if it were killed: the files are as they are, and a new life begins with them. */
    void bootAgainWithoutClosing() throws IOException {
        supervisor = boot();
    }

    Supervisor supervisor() {
        return supervisor;
    }

    void configure(String permissions) throws IOException {
        supervisor.configure(AgentSession.parse(session(permissions, Map.of())));
    }

    JsonNode session(String permissions, Map<String, String> environment) {
        ObjectNode session = JSON.createObjectNode()
                .put("sessionId", "s-1")
                .put("projectId", "p-1")
                .put("gitUrl", "file://" + origin)
                .put("branch", BRANCH)
                .put("baseCommit", "");
        session.putObject("author").put("name", "Ada").put("email", "ada@example.org");
        ObjectNode agent = session.putObject("agent").put("type", "acp").put("permissions", permissions);
        agent.putArray("command")
                .add(Path.of(System.getProperty("java.home"), "bin/java").toString())
                .add("-XX:TieredStopAtLevel=1")
                .add("-cp")
                .add(System.getProperty("java.class.path"))
                .add(FakeAcpAgent.class.getName());
        ObjectNode variables = agent.putObject("env");
        environment.forEach(variables::put);
        return session;
    }

    void awaitPhase(Phase phase) {
        Awaitility.await().atMost(java.time.Duration.ofSeconds(30)).until(() -> supervisor.phase() == phase);
    }

    Supervisor.Accepted post(String turnId, String text) {
        return supervisor.startTurn(TurnRequest.parse(turn(turnId, text)));
    }

    static ObjectNode turn(String turnId, String text) {
        ObjectNode turn = JSON.createObjectNode().put("turnId", turnId);
        turn.putArray("prompt").addObject().put("type", "text").put("text", text);
        return turn;
    }

    /** Runs a turn to its end, and returns its entries. */
    List<JsonNode> run(String turnId, String text) {
        Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(30))
                .until(() -> post(turnId, text) == Supervisor.Accepted.STARTED);
        return awaitEnd(turnId);
    }

    List<JsonNode> awaitEnd(String turnId) {
        awaitEntry(turnId, "turn.ended");
        return entries(turnId);
    }

    void awaitEntry(String turnId, String kind) {
        Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(30))
                .until(() -> entries(turnId).stream()
                        .anyMatch(entry -> entry.path("kind").asText().equals(kind)));
    }

    List<JsonNode> entries(String turnId) {
        return entries().stream()
                .filter(entry -> entry.path("turn").asText().equals(turnId))
                .toList();
    }

    List<JsonNode> entries() {
        var out = new ByteArrayOutputStream();
        List<JsonNode> entries = new ArrayList<>();
        try {
            supervisor.journal().copy(0, out);
            for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
                entries.add(JSON.readTree(line));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return entries;
    }

    static List<String> kinds(List<JsonNode> entries) {
        return entries.stream().map(entry -> entry.path("kind").asText()).toList();
    }

    static String git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
        return output;
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
