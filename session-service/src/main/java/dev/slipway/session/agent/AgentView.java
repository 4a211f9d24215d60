package dev.slipway.session.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.contracts.session.McpServer;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent as clients see it. */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
record AgentView(
        String id,
        String projectId,
        String name,
        String agentType,
        List<String> command,
        Map<String, String> env,
        @Nullable String systemPrompt,
        List<McpServer> mcpServers,
        @Nullable String mode,
        @Nullable String model,
        String permissions,
        boolean isDefault,
        Instant createdAt,
        Instant updatedAt) {
    static AgentView of(Agent agent) {
        Agent.AgentSettings settings = agent.settings();
        return new AgentView(
                agent.id(),
                agent.projectId(),
                settings.name(),
                settings.type().id(),
                settings.command(),
                settings.env(),
                settings.systemPrompt(),
                settings.mcpServers(),
                settings.mode(),
                settings.model(),
                settings.permissions(),
                agent.isDefault(),
                agent.createdAt(),
                agent.updatedAt());
    }

    /** A page of agents. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record AgentList(List<AgentView> agents, @Nullable String nextCursor) {}

    /** A type of the catalogue. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record TypeView(
            String id,
            String name,
            String description,
            boolean enabled,
            boolean highlighted,
            List<String> supportedAuthProviders,
            boolean allowNoAuth,
            List<String> hosts,
            Map<String, String> environment) {
        static TypeView of(AgentType type) {
            return new TypeView(
                    type.id(),
                    type.title(),
                    type.description(),
                    true,
                    type == AgentType.CLAUDE_CODE,
                    type.providers(),
                    type == AgentType.ACP,
                    type.hosts(),
                    type.environment(null));
        }
    }

    /** The catalogue. */
    @Serdeable
    record TypeList(List<TypeView> agentTypes) {}
}
