package dev.slipway.agent.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kinds of agent that are in the image, and {@link #ACP} for any other.
 *
 * <p>What is said here about each was found by running it (versions: {@code sandbox/agents/package.json}).
 */
public enum AgentType {
    /** Claude Code, through its ACP adapter. */
    CLAUDE_CODE("claude-code", "Claude Code", "claude-agent-acp") {
        @Override
        void addEnvironment(AgentSpec spec, Map<String, String> environment) {
            environment.put("ANTHROPIC_API_KEY", PLACEHOLDER);
            // Without it the CLI refuses its bypass mode wherever the container's user happens to be root.
            environment.put("IS_SANDBOX", "1");
            environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
            environment.put("DISABLE_AUTOUPDATER", "1");
            // Behind the tool search, tools of MCP servers would be offered to no model that does not search.
            environment.put("ENABLE_TOOL_SEARCH", "false");
            spec.model().ifPresent(model -> environment.put("ANTHROPIC_MODEL", model));
        }

        @Override
        public Optional<String> modeFor(Permissions permissions) {
            return Optional.of(
                    switch (permissions) {
                        case ASK -> "default";
                        case EDITS -> "acceptEdits";
                        case ALL -> "bypassPermissions";
                    });
        }
    },
    /** OpenAI Codex, through its ACP adapter. */
    CODEX("codex", "Codex", "codex-acp") {
        @Override
        void addEnvironment(AgentSpec spec, Map<String, String> environment) {
            environment.put("OPENAI_API_KEY", PLACEHOLDER);
            environment.put("CODEX_API_KEY", PLACEHOLDER);
            environment.put("INITIAL_AGENT_MODE", modeFor(spec.permissions()).orElseThrow());
        }

        @Override
        public Optional<String> authentication() {
            return Optional.of("api-key");
        }

        // Between reading only and everything, its modes use a sandbox of its own, which cannot start in a container.
        @Override
        public Optional<String> modeFor(Permissions permissions) {
            return Optional.of(permissions == Permissions.ASK ? "read-only" : "agent-full-access");
        }
    },
    /** opencode, which speaks ACP itself. */
    OPENCODE("opencode", "opencode", "opencode acp") {
        @Override
        void addEnvironment(AgentSpec spec, Map<String, String> environment) {
            environment.put("ANTHROPIC_API_KEY", PLACEHOLDER);
            environment.put("OPENAI_API_KEY", PLACEHOLDER);
            environment.put("GOOGLE_GENERATIVE_AI_API_KEY", PLACEHOLDER);
            environment.put("OPENCODE_DISABLE_MODELS_FETCH", "1");
            environment.put("OPENCODE_DISABLE_AUTOUPDATE", "1");
            ObjectNode config = JsonNodeFactory.instance.objectNode();
            config.put("autoupdate", false).put("share", "disabled");
            config.put(
                    "model", spec.model().filter(model -> model.contains("/")).orElse("anthropic/claude-sonnet-4-5"));
            String others = spec.permissions() == Permissions.ALL ? "allow" : "ask";
            config.putObject("permission")
                    .put("edit", spec.permissions() == Permissions.ASK ? "ask" : "allow")
                    .put("bash", others)
                    .put("webfetch", others);
            environment.put("OPENCODE_CONFIG_CONTENT", config.toString());
        }

        @Override
        public Optional<String> instructionsFile() {
            return Optional.of(".config/opencode/AGENTS.md");
        }
    },
    /** Gemini CLI, which speaks ACP itself. */
    GEMINI_CLI("gemini-cli", "Gemini CLI", "gemini --acp") {
        @Override
        void addEnvironment(AgentSpec spec, Map<String, String> environment) {
            environment.put("GEMINI_API_KEY", PLACEHOLDER);
            // Otherwise its YOLO mode silently becomes the default one.
            environment.put("GEMINI_CLI_TRUST_WORKSPACE", "true");
            environment.put("GEMINI_CLI_NO_RELAUNCH", "true");
            spec.model().ifPresent(model -> environment.put("GEMINI_MODEL", model));
        }

        @Override
        public Optional<String> modeFor(Permissions permissions) {
            return Optional.of(
                    switch (permissions) {
                        case ASK -> "default";
                        case EDITS -> "autoEdit";
                        case ALL -> "yolo";
                    });
        }

        @Override
        public boolean losesSessionWithinMinute() {
            return true;
        }

        @Override
        public Optional<String> instructionsFile() {
            return Optional.of(".gemini/GEMINI.md");
        }
    },
    /** Any command that speaks ACP. */
    ACP("acp", "ACP agent", "");

    /** What agents see wherever a key is expected; mitm-proxy replaces it on the request. */
    public static final String PLACEHOLDER = "slipway-placeholder";

    private final String id;
    private final String displayName;
    private final String command;

    AgentType(String id, String displayName, String command) {
        this.id = id;
        this.displayName = displayName;
        this.command = command;
    }

    /** The name of the type in the API. */
    public String id() {
        return id;
    }

    /** The name for people. */
    public String displayName() {
        return displayName;
    }

    static AgentType of(String id) {
        return Arrays.stream(values())
                .filter(type -> type.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("agent.type: " + id + " (expected: one of "
                        + Arrays.stream(values()).map(AgentType::id).toList() + ")"));
    }

    /** What to start. */
    public static List<String> commandOf(AgentSpec spec) {
        return spec.command().isEmpty() ? List.of(spec.type().command.split(" ")) : spec.command();
    }

    /** What the agent finds in its environment besides that of the sandbox; the session's own values win. */
    public static Map<String, String> environmentOf(AgentSpec spec) {
        Map<String, String> environment = new LinkedHashMap<>();
        spec.type().addEnvironment(spec, environment);
        environment.putAll(spec.environment());
        return environment;
    }

    void addEnvironment(AgentSpec spec, Map<String, String> environment) {}

    /** The mode of the agent's own permission system that comes closest; empty if it has none. */
    public Optional<String> modeFor(Permissions permissions) {
        return Optional.empty();
    }

    /** The method of {@code authenticate} that has to be called before a session. */
    public Optional<String> authentication() {
        return Optional.empty();
    }

    /**
     * Whether a session that is loaded in the minute in which it was last opened is overwritten: its file's name has the
     * minute in it, and loading writes before it reads.
     */
    public boolean losesSessionWithinMinute() {
        return false;
    }

    /** The file under HOME that the agent reads its user's instructions from, for those that take no system prompt over ACP. */
    public Optional<String> instructionsFile() {
        return Optional.empty();
    }
}
