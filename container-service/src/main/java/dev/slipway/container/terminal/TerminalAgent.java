package dev.slipway.container.terminal;

import dev.slipway.container.agent.AgentAnswer;
import dev.slipway.container.agent.AgentCall;
import dev.slipway.container.agent.AgentClient;
import dev.slipway.container.runtime.SandboxName;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The terminal of a sandbox, at its agent. */
@Singleton
class TerminalAgent {
    /** Agent gives a sign of life every five seconds. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    private static final String TYPE = "application/json";

    private final AgentClient agents;
    private final ObjectMapper json;

    TerminalAgent(AgentClient agents, ObjectMapper json) {
        this.agents = agents;
        this.json = json;
    }

    /** Makes sure that a shell runs, unless the caller has yet to see the end of the last one. */
    void open(SandboxName name, int rows, int columns, OptionalLong since) throws IOException {
        Map<String, Object> body = size(rows, columns);
        since.ifPresent(position -> body.put("since", position));
        agents.ask(name, AgentCall.of("POST", "/terminal", TYPE, json.writeValueAsBytes(body)), Map.class);
    }

    void resize(SandboxName name, int rows, int columns) throws IOException {
        byte[] body = json.writeValueAsBytes(size(rows, columns));
        agents.ask(name, AgentCall.of("POST", "/terminal/resize", TYPE, body), Map.class);
    }

    /** The agent's status: 200 taken, 409 no shell runs, 503 nothing reads it now. */
    int input(SandboxName name, byte[] bytes) throws IOException {
        AgentCall call = AgentCall.of("POST", "/terminal/input", "application/octet-stream", bytes);
        try (AgentAnswer answer = agents.send(name, call, SILENCE_MAX)) {
            return answer.status();
        }
    }

    /** Output from a position on; without one from where a new viewer best begins. */
    TerminalLines output(SandboxName name, OptionalLong since, boolean follow) throws IOException {
        String target = "/terminal/output?follow=" + follow + (since.isPresent() ? "&since=" + since.getAsLong() : "");
        AgentAnswer answer = agents.send(name, AgentCall.get(target), SILENCE_MAX);
        if (answer.status() != 200) {
            answer.close();
            throw new IOException("/terminal/output: the agent answered " + answer.status());
        }
        return new TerminalLines(answer, json);
    }

    /** What the agent says of its shell. */
    Map<?, ?> status(SandboxName name) throws IOException {
        return agents.ask(name, AgentCall.get("/terminal"), Map.class);
    }

    private static Map<String, Object> size(int rows, int columns) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("rows", rows);
        body.put("columns", columns);
        return body;
    }
}
