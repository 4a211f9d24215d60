package dev.slipway.contracts.session;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which agent runs in a sandbox and how. Holds no secret: keys are placeholders.
 *
 * @param type {@code claude-code}, {@code codex}, {@code opencode}, {@code gemini-cli} or {@code acp}
 * @param command the program and its arguments for type {@code acp}; empty for the others
 * @param permissions {@code ask}, {@code edits} or {@code all}
 */
@Serdeable
public record AgentSpec(
        String type,
        List<String> command,
        Map<String, String> env,
        @Nullable String model,
        @Nullable String mode,
        @Nullable String systemPrompt,
        String permissions,
        List<McpServer> mcpServers) {
    public AgentSpec {
        command = List.copyOf(command);
        env = Map.copyOf(env);
        mcpServers = List.copyOf(mcpServers);
    }
}
