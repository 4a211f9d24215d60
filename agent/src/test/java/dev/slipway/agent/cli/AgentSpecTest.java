package dev.slipway.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How an agent's configuration reaches the agent. */
class AgentSpecTest {
    private static AgentSpec spec(Map<String, Object> json) {
        return AgentSpec.parse(new ObjectMapper().valueToTree(json));
    }

    @Test
    void serversOfBothKindsAreToldInAcpsShapeAndOneThatIsOffIsNot() {
        Map<String, Object> stdio =
                Map.of("type", "stdio", "command", "tool", "args", List.of("-v"), "env", Map.of("A", "1"));
        Map<String, Object> http =
                Map.of("type", "http", "url", "https://docs.example.org/mcp", "headers", Map.of("X-Team", "blue"));
        AgentSpec spec = spec(Map.of(
                "type",
                "codex",
                "mcpServers",
                List.of(
                        Map.of("name", "local", "enabled", true, "config", stdio),
                        Map.of("name", "remote", "enabled", true, "config", http),
                        Map.of("name", "off", "enabled", false, "config", http))));

        JsonNode told = spec.mcpServersForAcp();

        assertThat(told).hasSize(2);
        assertThat(told.get(0).toString())
                .isEqualTo("{\"name\":\"local\",\"command\":\"tool\",\"args\":[\"-v\"],"
                        + "\"env\":[{\"name\":\"A\",\"value\":\"1\"}]}");
        assertThat(told.get(1).toString())
                .isEqualTo("{\"name\":\"remote\",\"type\":\"http\",\"url\":\"https://docs.example.org/mcp\","
                        + "\"headers\":[{\"name\":\"X-Team\",\"value\":\"blue\"}]}");
    }

    @Test
    void anyCommandThatSpeaksAcpIsAnAgent() {
        AgentSpec spec = spec(Map.of("type", "acp", "command", List.of("my-agent", "--acp")));

        assertThat(AgentType.commandOf(spec)).containsExactly("my-agent", "--acp");
    }
}
