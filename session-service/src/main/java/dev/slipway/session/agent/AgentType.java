package dev.slipway.session.agent;

import dev.slipway.kit.problem.ProblemException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agents that can run in a sandbox, what each needs in its environment, whose credential it uses and which hosts it
 * calls. Keys are {@link #PLACEHOLDER}: the proxy puts the real one on each request. The switches that keep a program quiet
 * were found by watching what it calls.
 */
@SuppressWarnings("ImmutableEnumChecker") // List.of and Map.of cannot be changed
public enum AgentType {
    CLAUDE_CODE(
            "claude-code",
            "Claude Code",
            "Anthropic's coding agent.",
            List.of("anthropic"),
            List.of("api.anthropic.com"),
            List.of("ANTHROPIC_API_KEY"),
            Map.of("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")),
    CODEX(
            "codex",
            "Codex",
            "OpenAI's coding agent.",
            List.of("openai", "codex"),
            List.of("api.openai.com", "chatgpt.com"),
            List.of("OPENAI_API_KEY", "CODEX_API_KEY"),
            Map.of("INITIAL_AGENT_MODE", "agent-full-access")),
    OPENCODE(
            "opencode",
            "opencode",
            "The open source coding agent, for models of many providers.",
            List.of("anthropic", "openai", "google"),
            List.of("api.anthropic.com", "api.openai.com", "generativelanguage.googleapis.com"),
            List.of("ANTHROPIC_API_KEY"),
            Map.of("OPENCODE_DISABLE_MODELS_FETCH", "1", "OPENCODE_DISABLE_AUTOUPDATE", "1")),
    GEMINI_CLI(
            "gemini-cli",
            "Gemini CLI",
            "Google's coding agent.",
            List.of("google"),
            List.of("generativelanguage.googleapis.com"),
            List.of("GEMINI_API_KEY"),
            Map.of("GEMINI_CLI_TRUST_WORKSPACE", "true")),
    ACP(
            "acp",
            "Any ACP agent",
            "Any program that speaks the Agent Client Protocol on its standard input and output; say which by `command`.",
            List.of("*"),
            List.of(),
            List.of(),
            Map.of());

    /** What stands in a sandbox wherever a key is expected. */
    public static final String PLACEHOLDER = "slipway-placeholder";

    private final String id;
    private final String title;
    private final String description;
    private final List<String> providers;
    private final List<String> hosts;
    private final List<String> keys;
    private final Map<String, String> switches;

    AgentType(
            String id,
            String title,
            String description,
            List<String> providers,
            List<String> hosts,
            List<String> keys,
            Map<String, String> switches) {
        this.id = id;
        this.title = title;
        this.description = description;
        this.providers = providers;
        this.hosts = hosts;
        this.keys = keys;
        this.switches = switches;
    }

    /** The type of this id; 400 if there is none. */
    public static AgentType of(String id) {
        return find(id).orElseThrow(() -> ProblemException.invalid(
                "agentType",
                id + " (expected: one of "
                        + Arrays.stream(values()).map(AgentType::id).toList() + ")"));
    }

    static Optional<AgentType> find(String id) {
        return Arrays.stream(values()).filter(type -> type.id.equals(id)).findFirst();
    }

    /** The id on the wire. */
    public String id() {
        return id;
    }

    String title() {
        return title;
    }

    String description() {
        return description;
    }

    /** Whose credentials it can use; {@code *} for any. */
    List<String> providers() {
        return providers;
    }

    /** The hosts that it calls by itself. */
    List<String> hosts() {
        return hosts;
    }

    /** The environment that it needs; the model decides whose key opencode looks for. */
    Map<String, String> environment(@Nullable String model) {
        Map<String, String> environment = new HashMap<>(switches);
        keysFor(model).forEach(key -> environment.put(key, PLACEHOLDER));
        return environment;
    }

    private List<String> keysFor(@Nullable String model) {
        if (this == OPENCODE && model != null && model.startsWith("openai/")) {
            return List.of("OPENAI_API_KEY");
        }
        if (this == OPENCODE && model != null && model.startsWith("google/")) {
            return List.of("GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY");
        }
        return keys;
    }
}
