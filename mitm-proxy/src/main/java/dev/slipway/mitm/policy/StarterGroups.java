package dev.slipway.mitm.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The hosts that a session may reach from the start: its agent's model providers and the large git hosts. Package registries are not
 * here: they come from the configuration of the sandbox image, since companies have their own.
 */
public final class StarterGroups {
    private static final Map<String, List<String>> HOSTS = Map.of(
            "anthropic",
            List.of(
                    "api.anthropic.com",
                    "console.anthropic.com",
                    "platform.claude.com",
                    "claude.ai",
                    "statsig.anthropic.com"),
            "openai",
            List.of("api.openai.com", "auth.openai.com", "chatgpt.com"),
            "google",
            List.of(
                    "generativelanguage.googleapis.com",
                    "cloudcode-pa.googleapis.com",
                    "oauth2.googleapis.com",
                    "aiplatform.googleapis.com"),
            "opencode",
            List.of("opencode.ai", "api.opencode.ai", "models.dev", "openrouter.ai"),
            "github-copilot",
            List.of("api.githubcopilot.com", "*.githubcopilot.com"),
            "git",
            List.of(
                    "github.com",
                    "api.github.com",
                    "codeload.github.com",
                    "raw.githubusercontent.com",
                    "objects.githubusercontent.com",
                    "gitlab.com",
                    "bitbucket.org",
                    "api.bitbucket.org"));

    private StarterGroups() {}

    /** The rules that a session of this agent type begins with; an unknown type gets the git hosts alone. */
    public static Stream<EgressPolicy.Rule> of(String agentType) {
        List<String> groups = switch (agentType.toLowerCase(Locale.ROOT)) {
            case "claude-code", "claude" -> List.of("anthropic", "git");
            case "codex" -> List.of("openai", "git");
            case "gemini-cli", "gemini" -> List.of("google", "git");
            case "opencode" -> List.of("opencode", "anthropic", "openai", "google", "github-copilot", "git");
            default -> List.of("git");
        };
        return groups.stream().flatMap(StarterGroups::rules);
    }

    private static Stream<EgressPolicy.Rule> rules(String group) {
        return HOSTS.getOrDefault(group, List.of()).stream()
                .map(host -> new EgressPolicy.Rule("group:" + group, HostPattern.parse(host)));
    }
}
