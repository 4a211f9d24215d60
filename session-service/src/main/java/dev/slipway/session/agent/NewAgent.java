package dev.slipway.session.agent;

import dev.slipway.contracts.session.McpServer;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of POST and PUT of an agent.
 *
 * @param command the program and its arguments; for type {@code acp} alone, and there it is needed
 * @param env further environment; never a secret, since the sandbox sees it
 * @param permissions {@code ask}, {@code edits} (those of files are allowed) or {@code all}, the default
 */
@Serdeable
record NewAgent(
        @Nullable String name,
        @Nullable String agentType,
        @Nullable List<String> command,
        @Nullable Map<String, String> env,
        @Nullable String systemPrompt,
        @Nullable List<McpServer> mcpServers,
        @Nullable String mode,
        @Nullable String model,
        @Nullable String permissions) {
    private static final int NAME_MAX = 200;
    private static final int PROMPT_MAX = 100_000;
    private static final int SERVERS_MAX = 50;
    private static final Set<String> PERMISSIONS = Set.of("ask", "edits", "all");

    /** The settings that this says, checked. */
    Agent.AgentSettings settings() {
        if (agentType == null || agentType.isBlank()) {
            throw ProblemException.invalid("agentType", "missing (expected: one of those at agents/types)");
        }
        AgentType type = AgentType.of(agentType);
        String shown = name == null || name.isBlank() ? type.title() : name.strip();
        if (shown.length() > NAME_MAX) {
            throw ProblemException.invalid("name", shown.length() + " characters (expected: at most " + NAME_MAX + ")");
        }
        if (systemPrompt != null && systemPrompt.length() > PROMPT_MAX) {
            throw ProblemException.invalid(
                    "systemPrompt", systemPrompt.length() + " characters (expected: at most " + PROMPT_MAX + ")");
        }
        String allowed = permissions == null ? "all" : permissions;
        if (!PERMISSIONS.contains(allowed)) {
            throw ProblemException.invalid("permissions", allowed + " (expected: ask, edits or all)");
        }
        List<McpServer> servers = mcpServers == null ? List.of() : mcpServers;
        checkServers(servers);
        return new Agent.AgentSettings(
                shown,
                type,
                checkedCommand(type),
                env == null ? Map.of() : env,
                systemPrompt,
                servers,
                mode,
                model,
                allowed);
    }

    private List<String> checkedCommand(AgentType type) {
        List<String> words = command == null ? List.of() : command;
        if (type == AgentType.ACP && (words.isEmpty() || words.getFirst().isBlank())) {
            throw ProblemException.invalid("command", "missing (expected for type acp: the program and its arguments)");
        }
        if (type != AgentType.ACP && !words.isEmpty()) {
            throw ProblemException.invalid("command", "not for type " + type.id() + " (expected: only for type acp)");
        }
        return words;
    }

    private static void checkServers(List<McpServer> servers) {
        if (servers.size() > SERVERS_MAX) {
            throw ProblemException.invalid(
                    "mcpServers", servers.size() + " servers (expected: at most " + SERVERS_MAX + ")");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < servers.size(); i++) {
            McpServer server = servers.get(i);
            String field = "mcpServers[" + i + "]";
            if (!names.add(server.name())) {
                throw ProblemException.invalid(field + ".name", server.name() + " twice (expected: different names)");
            }
            Object type = server.config().get("type");
            String needed = "stdio".equals(type) ? "command" : "url";
            if (!"stdio".equals(type) && !"http".equals(type)) {
                throw ProblemException.invalid(field + ".config.type", type + " (expected: stdio or http)");
            }
            if (!(server.config().get(needed) instanceof String value) || value.isBlank()) {
                throw ProblemException.invalid(field + ".config." + needed, "missing (expected for type " + type + ")");
            }
        }
    }
}
