package dev.slipway.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which agent a session has, and how it is set up.
 *
 * @param command what to start instead of the type's own; required for {@link AgentType#ACP}
 * @param environment on top of what the type needs
 * @param mode one of the agent's own; empty: what follows from {@code permissions}
 */
public record AgentSpec(
        AgentType type,
        List<String> command,
        Map<String, String> environment,
        Optional<String> model,
        Optional<String> mode,
        Optional<String> systemPrompt,
        Permissions permissions,
        List<McpServer> mcpServers) {

    /** An MCP server that the agent is to use. */
    public record McpServer(String name, JsonNode config) {
        /** As {@code session/new} wants it. */
        ObjectNode toAcp() {
            ObjectNode server = JsonNodeFactory.instance.objectNode().put("name", name);
            if (config.path("type").asText().equals("http")) {
                server.put("type", "http").put("url", config.path("url").asText());
                server.set("headers", pairs(config.path("headers")));
            } else {
                server.put("command", config.path("command").asText());
                ArrayNode arguments = server.putArray("args");
                config.path("args").forEach(argument -> arguments.add(argument.asText()));
                server.set("env", pairs(config.path("env")));
            }
            return server;
        }

        private static ArrayNode pairs(JsonNode object) {
            ArrayNode pairs = JsonNodeFactory.instance.arrayNode();
            object.properties()
                    .forEach(entry -> pairs.addObject()
                            .put("name", entry.getKey())
                            .put("value", entry.getValue().asText()));
            return pairs;
        }
    }

    /** @throws IllegalArgumentException if something is missing or unknown, with what was expected */
    public static AgentSpec parse(JsonNode json) {
        AgentType type = AgentType.of(json.path("type").asText());
        List<String> command = new ArrayList<>();
        json.path("command").forEach(word -> command.add(word.asText()));
        if (type == AgentType.ACP && command.isEmpty()) {
            throw new IllegalArgumentException("agent.command: empty (expected: the command of an agent of type acp)");
        }
        Map<String, String> environment = new LinkedHashMap<>();
        json.path("env")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        List<McpServer> mcpServers = new ArrayList<>();
        for (JsonNode server : json.path("mcpServers")) {
            if (server.path("enabled").asBoolean(true)) {
                mcpServers.add(new McpServer(server.path("name").asText(), server.path("config")));
            }
        }
        return new AgentSpec(
                type,
                List.copyOf(command),
                Map.copyOf(environment),
                text(json.get("model")),
                text(json.get("mode")),
                text(json.get("systemPrompt")),
                Permissions.of(json.path("permissions").asText("all")),
                List.copyOf(mcpServers));
    }

    private static Optional<String> text(@Nullable JsonNode node) {
        return Optional.ofNullable(node).map(JsonNode::asText).filter(text -> !text.isBlank() && !text.equals("null"));
    }

    /** The {@code mcpServers} of {@code session/new}. */
    public ArrayNode mcpServersForAcp() {
        ArrayNode servers = JsonNodeFactory.instance.arrayNode();
        mcpServers.forEach(server -> servers.add(server.toAcp()));
        return servers;
    }

    /** The mode that the agent's own permission system is to be in; empty to leave it as it starts. */
    public Optional<String> wantedMode() {
        return mode.or(() -> type.modeFor(permissions));
    }
}
