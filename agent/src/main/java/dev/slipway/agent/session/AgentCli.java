package dev.slipway.agent.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.agent.acp.AcpConnection;
import dev.slipway.agent.acp.AcpException;
import dev.slipway.agent.acp.AcpPeer;
import dev.slipway.agent.cli.AgentSpec;
import dev.slipway.agent.cli.AgentType;
import dev.slipway.agent.log.Log;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One running agent process and the ACP session in it. */
final class AgentCli {
    /** Generous: the slowest one needs 8 s on a busy machine, and a cold disk doubles that. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

    private static final Duration REPLAY_PAUSE = Duration.ofMillis(500);
    private static final Duration REPLAY_LOOK = Duration.ofMillis(20);
    private static final Duration REPLAY_MAX = Duration.ofSeconds(15);
    private static final Duration SETTING_TIMEOUT = Duration.ofSeconds(20);
    private static final int STDERR_TAIL_MAX = 8_000;

    private final Process process;
    private final AgentSpec spec;
    private final StringBuilder stderrTail = new StringBuilder();
    private final AcpConnection acp;
    private ObjectNode initialized = JsonNodeFactory.instance.objectNode();
    private JsonNode opened = JsonNodeFactory.instance.objectNode();
    private String acpSessionId = "";
    private boolean resumed;
    private volatile boolean knowsConversation;
    /** What was last set here; an agent need not say that it followed. */
    private volatile String currentMode = "";
    /** What a turn's own mode has changed, with the value to go back to. */
    private final Map<String, String> modeToRestore = new LinkedHashMap<>();

    private static final String MODE = "session mode";

    private AgentCli(Process process, AgentSpec spec, AcpPeer peer) {
        this.process = process;
        this.spec = spec;
        Thread.ofVirtual().name("agent-stderr").start(this::keepStderr);
        this.acp = AcpConnection.start(process.getInputStream(), process.getOutputStream(), peer);
    }

    /** Starts the process; {@link #open} then begins to talk. */
    static AgentCli launch(AgentSpec spec, Map<String, String> surroundings, Path workspace, AcpPeer peer)
            throws IOException {
        var builder = new ProcessBuilder(AgentType.commandOf(spec)).directory(workspace.toFile());
        builder.environment().putAll(surroundings);
        builder.environment().putAll(AgentType.environmentOf(spec));
        return new AgentCli(builder.start(), spec, peer);
    }

    /**
     * Initializes, and opens a session: the earlier one if there was one and the agent still has it, else a new one.
     *
     * @param replaying is told true before the agent may repeat what it said earlier, and false after it
     */
    void open(Path workspace, Optional<String> earlierSession, Consumer<Boolean> replaying)
            throws AcpException, InterruptedException {
        ObjectNode initialize = JsonNodeFactory.instance.objectNode().put("protocolVersion", 1);
        initialize
                .putObject("clientInfo")
                .put("name", "slipway")
                .put("title", "Slipway")
                .put("version", "0.1.0");
        // No file and no terminal capabilities: with them, some agents would go through us for what is on their own
        // disk.
        ObjectNode capabilities = initialize.putObject("clientCapabilities");
        capabilities.putObject("fs").put("readTextFile", false).put("writeTextFile", false);
        capabilities.put("terminal", false);
        // Without it, agents that want to ask a question ask it in their answer, or not at all.
        capabilities.putObject("elicitation").putObject("form");
        JsonNode answer = acp.call("initialize", initialize, START_TIMEOUT);
        initialized = answer.isObject() ? (ObjectNode) answer : initialized;
        if (spec.type().authentication().isPresent()) {
            acp.call(
                    "authenticate",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("methodId", spec.type().authentication().get()),
                    START_TIMEOUT);
        }
        if (earlierSession.isEmpty() || !reopen(workspace, earlierSession.get(), replaying)) {
            opened = acp.call("session/new", sessionParameters(workspace), START_TIMEOUT);
            acpSessionId = opened.path("sessionId").asText();
        }
        spec.wantedMode().ifPresent(mode -> setMode(mode, false));
        spec.model().ifPresent(this::setModel);
    }

    /** Resuming repeats nothing and is preferred; loading repeats the whole conversation, which is not for the journal. */
    private boolean reopen(Path workspace, String earlier, Consumer<Boolean> replaying) throws InterruptedException {
        JsonNode capabilities = initialized.path("agentCapabilities");
        boolean canResume = capabilities.path("sessionCapabilities").has("resume");
        if (!canResume && !capabilities.path("loadSession").asBoolean()) {
            return false;
        }
        replaying.accept(true);
        try {
            opened = acp.call(
                    canResume ? "session/resume" : "session/load",
                    sessionParameters(workspace).put("sessionId", earlier),
                    START_TIMEOUT);
            acpSessionId = earlier;
            resumed = true;
            if (!canResume) {
                awaitEndOfReplay();
            }
            return true;
        } catch (AcpException e) {
            Log.warn("agent did not find its earlier session and gets a new one", "error", e.getMessage());
            return false;
        } finally {
            replaying.accept(false);
        }
    }

    /** One agent answers before it has repeated everything: what it says at a stretch is still of then. */
    private void awaitEndOfReplay() throws InterruptedException {
        long giveUp = System.nanoTime() + REPLAY_MAX.toNanos();
        while (acp.silentFor().compareTo(REPLAY_PAUSE) < 0 && System.nanoTime() < giveUp) {
            Thread.sleep(REPLAY_LOOK);
        }
    }

    private ObjectNode sessionParameters(Path workspace) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("cwd", workspace.toString());
        parameters.set("mcpServers", spec.mcpServersForAcp());
        if (takesSystemPrompt()) {
            spec.systemPrompt().ifPresent(prompt -> {
                ObjectNode system = parameters.putObject("systemPrompt").put("mode", "append");
                system.putArray("content").addObject().put("type", "text").put("text", prompt);
            });
        }
        return parameters;
    }

    private boolean takesSystemPrompt() {
        return initialized.path("agentCapabilities").path("sessionCapabilities").has("systemPrompt");
    }

    /** Whether the system prompt has to be said in the conversation, for want of any better place. */
    boolean wantsSystemPromptInConversation() {
        return spec.systemPrompt().isPresent()
                && !takesSystemPrompt()
                && spec.type().instructionsFile().isEmpty()
                && !knowsConversation;
    }

    /** Sends a prompt. The future completes when the agent is done with it, after all of its updates. */
    CompletableFuture<JsonNode> prompt(JsonNode blocks) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("sessionId", acpSessionId);
        parameters.set("prompt", blocks);
        return acp.call("session/prompt", parameters);
    }

    /** Asks the agent to stop; it answers by ending the prompt. */
    void cancel() {
        acp.notify("session/cancel", JsonNodeFactory.instance.objectNode().put("sessionId", acpSessionId));
    }

    /** Sets model, mode and reasoning for one turn; what an earlier turn had changed for itself is put back. */
    void prepare(Optional<String> model, Optional<String> mode, Optional<String> reasoning) {
        restore();
        model.or(spec::model).ifPresent(this::setModel);
        mode.ifPresent(wanted -> setMode(wanted, true));
        reasoning.ifPresent(this::setReasoning);
    }

    private void restore() {
        Map<String, String> restore = Map.copyOf(modeToRestore);
        modeToRestore.clear();
        restore.forEach((option, value) -> {
            if (option.equals(MODE)) {
                set("session/set_mode", "modeId", value);
                currentMode = value;
            } else {
                setOption(option, value);
            }
        });
    }

    private void setReasoning(String level) {
        for (JsonNode option : opened.path("configOptions")) {
            if (option.path("category").asText().equals("thought_level")
                    && contains(option.path("options"), "value", level)) {
                setOption(option.path("id").asText(), level);
                modeToRestore.putIfAbsent(
                        option.path("id").asText(), option.path("currentValue").asText());
                return;
            }
        }
        Log.info("agent offers no such way to think", "reasoning", level);
    }

    private void setMode(String mode, boolean forOneTurn) {
        String before = opened.path("modes").path("currentModeId").asText();
        if (contains(opened.path("modes").path("availableModes"), "id", mode)) {
            set("session/set_mode", "modeId", mode);
            currentMode = mode;
            if (forOneTurn) {
                modeToRestore.putIfAbsent(MODE, spec.wantedMode().orElse(before));
            }
            return;
        }
        for (JsonNode option : opened.path("configOptions")) {
            // The agents have their modes in one or two options; one has "plan" in its collaboration mode.
            if (option.path("category").asText().contains("mode") && contains(option.path("options"), "value", mode)) {
                setOption(option.path("id").asText(), mode);
                if (forOneTurn) {
                    modeToRestore.putIfAbsent(
                            option.path("id").asText(),
                            option.path("currentValue").asText());
                }
                return;
            }
        }
        if (forOneTurn || !opened.path("modes").isMissingNode()) {
            Log.warn("agent has no such mode", "mode", mode);
        }
    }

    private void setModel(String model) {
        for (JsonNode offered : opened.path("models").path("availableModels")) {
            String id = offered.path("modelId").asText();
            // One agent has an entry per model and effort, "model[low]"; the bare name means the first.
            if (id.equals(model) || id.startsWith(model + "[")) {
                set("session/set_model", "modelId", id);
                return;
            }
        }
        for (JsonNode option : opened.path("configOptions")) {
            if (option.path("category").asText().equals("model") && contains(option.path("options"), "value", model)) {
                setOption(option.path("id").asText(), model);
                return;
            }
        }
        Log.info("model is not among those that the agent offers", "model", model);
    }

    private void setOption(String option, String value) {
        call(
                "session/set_config_option",
                JsonNodeFactory.instance.objectNode().put("configId", option).put("value", value));
    }

    private void set(String method, String field, String value) {
        call(method, JsonNodeFactory.instance.objectNode().put(field, value));
    }

    /** A setting that the agent refuses is no reason not to work. */
    private void call(String method, ObjectNode parameters) {
        try {
            acp.call(method, parameters.put("sessionId", acpSessionId), SETTING_TIMEOUT);
        } catch (AcpException e) {
            Log.warn("agent refused a setting", "method", method, "error", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Options may be grouped: a group has options of its own. */
    private static boolean contains(JsonNode list, String field, String value) {
        for (JsonNode item : list) {
            if (item.path(field).asText().equals(value) || contains(item.path("options"), field, value)) {
                return true;
            }
        }
        return false;
    }

    String acpSessionId() {
        return acpSessionId;
    }

    AgentType type() {
        return spec.type();
    }

    /** What may be in a prompt besides text and links. */
    JsonNode promptCapabilities() {
        return initialized.path("agentCapabilities").path("promptCapabilities");
    }

    /** The agent's settings, or null if it offers none. */
    @Nullable
    JsonNode configOptions() {
        return opened.get("configOptions");
    }

    /** Whether the agent knows what was said in this session. */
    boolean knowsConversation() {
        return knowsConversation;
    }

    void knowsConversation(boolean known) {
        knowsConversation = known;
    }

    boolean resumed() {
        return resumed;
    }

    JsonNode agentInfo() {
        return initialized.path("agentInfo");
    }

    /** The agent's modes, with the one that is set, or null if it has none. */
    @Nullable
    JsonNode modes() {
        JsonNode modes = opened.get("modes");
        return modes == null || currentMode.isEmpty()
                ? modes
                : modes.<ObjectNode>deepCopy().put("currentModeId", currentMode);
    }

    /** The agent has gone into another mode by itself. */
    void modeChanged(String mode) {
        currentMode = mode;
    }

    /** The agent's models as ACP's own list of them; some have it only as a configuration option. */
    @Nullable
    JsonNode models() {
        if (opened.has("models")) {
            return opened.get("models");
        }
        for (JsonNode option : opened.path("configOptions")) {
            if (option.path("category").asText().equals("model")) {
                ObjectNode models = JsonNodeFactory.instance.objectNode();
                models.put("currentModelId", option.path("currentValue").asText());
                addModels(option.path("options"), models.putArray("availableModels"));
                return models;
            }
        }
        return null;
    }

    private static void addModels(JsonNode options, ArrayNode models) {
        for (JsonNode option : options) {
            if (option.has("value")) {
                ObjectNode model = models.addObject()
                        .put("modelId", option.path("value").asText())
                        .put("name", option.path("name").asText());
                if (option.hasNonNull("description")) {
                    model.set("description", option.get("description"));
                }
            }
            addModels(option.path("options"), models);
        }
    }

    String stderrTail() {
        synchronized (stderrTail) {
            return stderrTail.toString();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for the end of the process.
     *
     * @return its exit code; 128 and more for a signal
     */
    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * Closes the session of an agent that offers it, then ends the process and what it has started: politely, and after {@code patience}
     * without asking. A session that was closed can be opened again.
     */
    void stop(Duration patience) {
        closeSession(patience.dividedBy(2));
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.info("agent did not stop and is killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** What an agent holds of the session, as processes and files half written, it puts in order now. */
    private void closeSession(Duration patience) {
        boolean offered = initialized
                .path("agentCapabilities")
                .path("sessionCapabilities")
                .has("close");
        if (!offered || acpSessionId.isEmpty() || patience.isZero() || !process.isAlive()) {
            return;
        }
        // Aside, because one that hangs need not even read what is written to it.
        Thread closing = Thread.ofVirtual().name("agent-close").start(() -> {
            try {
                acp.call(
                        "session/close",
                        JsonNodeFactory.instance.objectNode().put("sessionId", acpSessionId),
                        patience);
                Log.info("agent closed its session");
            } catch (AcpException e) {
                Log.info("agent did not close its session", "error", e.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            closing.join(patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepStderr() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            char[] buffer = new char[2048];
            int count;
            while ((count = reader.read(buffer)) >= 0) {
                synchronized (stderrTail) {
                    stderrTail.append(buffer, 0, count);
                    stderrTail.delete(0, Math.max(0, stderrTail.length() - STDERR_TAIL_MAX));
                }
            }
        } catch (IOException _) {
            return;
        }
    }

    /** The signal that an exit code stands for, or null. */
    static @Nullable Integer signalOf(int exitCode) {
        return exitCode > 128 && exitCode < 160 ? exitCode - 128 : null;
    }
}
