package dev.slipway.session.agent;

import dev.slipway.contracts.session.McpServer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent's configuration as it is stored. */
record Agent(
        String id,
        String projectId,
        AgentSettings settings,
        boolean isDefault,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    /** What users decide about an agent; see {@link NewAgent} for the meaning. */
    record AgentSettings(
            String name,
            AgentType type,
            List<String> command,
            Map<String, String> env,
            @Nullable String systemPrompt,
            List<McpServer> mcpServers,
            @Nullable String mode,
            @Nullable String model,
            String permissions) {
        AgentSettings {
            command = List.copyOf(command);
            env = Map.copyOf(env);
            mcpServers = List.copyOf(mcpServers);
        }
    }
}
