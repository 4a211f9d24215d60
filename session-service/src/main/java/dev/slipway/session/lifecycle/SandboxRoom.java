package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.identity.Caller;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks container-service, which knows what a project's sandboxes have together, whether there is room for one more. Only so that the user
 * hears of it at once: should the answer not come, container-service refuses the sandbox later, and the session says so.
 */
@Singleton
class SandboxRoom {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxRoom.class);
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final int CONFLICT = 409;

    private final InternalClient http;
    private final ProjectBounds bounds;

    SandboxRoom(InternalClient http, ProjectBounds bounds) {
        this.http = http;
        this.bounds = bounds;
    }

    /** Ends the request with 409, which names the limit, if the project's limits leave no room for this sandbox. */
    void require(String projectId, String workspaceId, String sessionId, SandboxLimits asked) {
        if (!bounds.boundsSandboxes(projectId)) {
            return;
        }
        String path = "/internal/projects/" + InternalClient.segment(projectId) + "/sandboxes/"
                + InternalClient.segment(sessionId) + "/room";
        try {
            http.send(
                    Caller.system("session-service", projectId),
                    "container-service",
                    "POST",
                    path,
                    bounds.within(projectId, workspaceId, asked),
                    DEADLINE);
        } catch (UpstreamProblemException e) {
            if (e.status() == CONFLICT) {
                throw e;
            }
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("room for a sandbox is not known");
        } catch (UpstreamUnavailableException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("room for a sandbox is not known");
        }
    }
}
