package dev.slipway.session.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.session.testing.Suite;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a project's agents are set up. */
@Timeout(60)
class AgentTest {
    private static Suite suite;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static String create(Map<String, Object> agent) {
        return String.valueOf(suite.call("POST", "/agents", agent).body().get("id"));
    }

    private static List<Object> defaults() {
        return suite.call("GET", "/agents", null).body().get("agents") instanceof List<?> agents
                ? agents.stream()
                        .filter(agent -> agent instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("isDefault")))
                        .map(agent -> (Object) String.valueOf(((Map<?, ?>) agent).get("id")))
                        .toList()
                : List.of();
    }

    @Test
    void anAgentIsMadeReadChangedAndDeleted() {
        Map<String, Object> server = Map.of(
                "name",
                "docs",
                "enabled",
                true,
                "config",
                Map.of("type", "http", "url", "https://docs.example.org/mcp"));
        String id = create(Map.of("agentType", "codex", "name", "Coder", "mcpServers", List.of(server)));
        HttpResponse<String> read = suite.stream("GET", "/agents/" + id, null, Map.of());
        String tag = read.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> changed = suite.stream(
                "PUT", "/agents/" + id, Map.of("agentType", "codex", "name", "Better"), Map.of("If-Match", tag));
        HttpResponse<String> stale = suite.stream(
                "PUT", "/agents/" + id, Map.of("agentType", "codex", "name", "Worse"), Map.of("If-Match", tag));
        Suite.Answer deleted = suite.call("DELETE", "/agents/" + id, null);

        assertThat(read.body()).contains("https://docs.example.org/mcp");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(suite.call("GET", "/agents/" + id, null).status()).isEqualTo(404);
    }

    @Test
    void thereIsAlwaysExactlyOneDefaultAndSessionsFallBackToIt() {
        String chosen = create(Map.of("agentType", "gemini-cli"));
        suite.call("POST", "/agents/default", Map.of("agentId", chosen));
        String session = "s-" + chosen;
        suite.call("POST", "/sessions", Map.of("id", session, "workspaceId", "w1", "agentId", chosen));
        assertThat(defaults()).containsExactly(chosen);

        suite.call("DELETE", "/agents/" + chosen, null);
        suite.makeReady(session);

        assertThat(defaults()).hasSize(1).doesNotContain(chosen);
        assertThat(suite.wanted(session).getLast().toString()).contains("type=claude-code");
    }

    @Test
    void agentsAreListedPageByPage() {
        create(Map.of("agentType", "codex", "name", "one"));
        create(Map.of("agentType", "codex", "name", "two"));

        Map<String, Object> first = suite.call("GET", "/agents?limit=2", null).body();
        Map<String, Object> next = suite.call("GET", "/agents?limit=2&cursor=" + first.get("nextCursor"), null)
                .body();

        assertThat((List<?>) first.get("agents")).hasSize(2);
        assertThat(next.toString()).contains("agentType");
        assertThat(suite.call("GET", "/agents?limit=0", null).status()).isEqualTo(400);
        assertThat(suite.call("GET", "/agents?cursor=!", null).status()).isEqualTo(400);
    }

    @Test
    void whatCannotRunIsRefusedWithTheFieldAtFault() {
        assertThat(suite.call("POST", "/agents", Map.of("agentType", "none"))
                        .body()
                        .toString())
                .contains("agentType");
        assertThat(suite.call("POST", "/agents", Map.of("agentType", "acp"))
                        .body()
                        .toString())
                .contains("command");
        assertThat(suite.call("POST", "/agents", Map.of("agentType", "codex", "permissions", "x"))
                        .status())
                .isEqualTo(400);
        assertThat(suite.call("GET", "/agents/types", null).body().toString())
                .contains("claude-code", "codex", "opencode", "gemini-cli", "acp");
    }
}
