package dev.slipway.container.agent;

import dev.slipway.container.runtime.SandboxName;
import dev.slipway.contracts.agent.AgentSession;
import dev.slipway.contracts.agent.AgentStatus;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;

/** Our own requests to agents. Each fails within its deadline with an {@link IOException}: not listening, broken, odd. */
@Singleton
public class AgentClient {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);
    private static final int ANSWER_BYTES_MAX = 1024 * 1024;

    private final AgentSockets sockets;
    private final ObjectMapper json;

    AgentClient(AgentSockets sockets, ObjectMapper json) {
        this.sockets = sockets;
        this.json = json;
    }

    /** Where the agent of a session is. */
    public AgentStatus status(SandboxName name) throws IOException {
        byte[] body = exchange(name, AgentCall.get("/session"));
        AgentStatus status = json.readValue(body, AgentStatus.class);
        if (status == null) {
            throw new IOException("GET /session: an empty answer (expected: the agent's status)");
        }
        return status;
    }

    /** Gives the agent what it needs to begin; the same again changes nothing. */
    public void begin(SandboxName name, AgentSession session) throws IOException {
        byte[] body = json.writeValueAsBytes(session);
        exchange(name, AgentCall.of("PUT", "/session", "application/json", body));
    }

    /** Has an agent without a session do once what a session will wait for. */
    public void rehearse(SandboxName name, Duration longest) throws IOException {
        try (AgentAnswer answer =
                send(name, AgentCall.of("POST", "/rehearsal", "application/json", new byte[0]), longest)) {
            if (answer.status() >= 300) {
                throw new IOException("POST /rehearsal: the agent answered " + answer.status());
            }
        }
    }

    /**
     * Any other request; the answer is to be closed.
     *
     * @param silenceMax how long nothing may come
     */
    public AgentAnswer send(SandboxName name, AgentCall call, Duration silenceMax) throws IOException {
        return AgentExchange.send(sockets.connect(name), call, silenceMax);
    }

    /** A request whose answer is read as JSON; an answer above 299 is an {@link IOException}. */
    public <T> T ask(SandboxName name, AgentCall call, Class<T> type) throws IOException {
        T answer = json.readValue(exchange(name, call), type);
        if (answer == null) {
            throw new IOException(call.target() + ": an empty answer (expected: JSON)");
        }
        return answer;
    }

    private byte[] exchange(SandboxName name, AgentCall call) throws IOException {
        try (AgentAnswer answer = AgentExchange.send(sockets.connect(name), call, SILENCE_MAX)) {
            byte[] body = answer.body().readNBytes(ANSWER_BYTES_MAX);
            if (answer.status() >= 300) {
                throw new IOException(call.method() + " " + call.target() + ": the agent answered " + answer.status());
            }
            return body;
        }
    }
}
