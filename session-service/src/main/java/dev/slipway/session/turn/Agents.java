package dev.slipway.session.turn;

import dev.slipway.contracts.agent.AgentStatus;
import dev.slipway.contracts.agent.TurnRequest;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.identity.Caller;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;

/** Speaks to the supervisors in sandboxes, by way of container-service. */
@Singleton
public class Agents {
    private static final String CONTAINERS = "container-service";
    private static final String SELF = "session-service";
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** Heartbeats come far more often. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(25);

    private final InternalClient http;

    Agents(InternalClient http) {
        this.http = http;
    }

    /** Where the supervisor is. */
    public AgentStatus status(String projectId, String sessionId) {
        return http.call(
                system(projectId),
                CONTAINERS,
                "GET",
                path(projectId, sessionId, "session"),
                null,
                AgentStatus.class,
                DEADLINE);
    }

    /** The journal after an entry, for as long as the connection lasts; one on which not even a heartbeat comes ends. */
    public InputStream journal(String projectId, String sessionId, long after) {
        String path = path(projectId, sessionId, "journal?after=" + after + "&follow=true");
        return http.stream(system(projectId), CONTAINERS, path, SILENCE_MAX);
    }

    void begin(String projectId, String sessionId, TurnRequest turn) {
        http.send(system(projectId), CONTAINERS, "POST", path(projectId, sessionId, "turns"), turn, DEADLINE);
    }

    void cancel(String projectId, String sessionId, String turnId) {
        String path = path(projectId, sessionId, "turns/" + InternalClient.segment(turnId) + "/cancel");
        http.send(system(projectId), CONTAINERS, "POST", path, Map.of(), DEADLINE);
    }

    /** Answers a permission request. */
    public void answer(String projectId, String sessionId, String requestId, Map<String, Object> answer) {
        String path = path(projectId, sessionId, "requests/" + InternalClient.segment(requestId));
        http.send(system(projectId), CONTAINERS, "POST", path, answer, DEADLINE);
    }

    private static Caller system(String projectId) {
        return Caller.system(SELF, projectId);
    }

    private static String path(String projectId, String sessionId, String rest) {
        return "/internal/projects/" + InternalClient.segment(projectId) + "/sandboxes/"
                + InternalClient.segment(sessionId) + "/agent/" + rest;
    }
}
