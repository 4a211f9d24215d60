package dev.slipway.workspace.access;

import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.contracts.mitm.EgressSession;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.identity.Caller;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks mitm-proxy for a way out for one errand, and gives it back. */
@Singleton
class EgressDoors {
    private static final Logger LOG = LoggerFactory.getLogger(EgressDoors.class);
    private static final String PROXY = "mitm-proxy";
    private static final String AGENT_TYPE = "git";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final InternalClient client;
    private final Clock clock;
    private final String service;

    EgressDoors(InternalClient client, Clock clock, @Value("${micronaut.application.name}") String service) {
        this.client = client;
        this.clock = clock;
        this.service = service;
    }

    /** Opens a door to these hosts. @throws UpstreamUnavailableException if mitm-proxy does not answer */
    EgressDoor open(Errand errand, List<String> hosts) {
        EgressSession session = new EgressSession(
                errand.projectId(),
                errand.workspaceId(),
                errand.userId(),
                AGENT_TYPE,
                // A later errand of the same name counts as newer, whichever replica makes it.
                clock.millis(),
                hosts,
                errand.credentialId());
        return client.call(caller(errand), PROXY, "PUT", path(errand), session, EgressDoor.class, DEADLINE);
    }

    /** Closes it. What cannot be closed now is opened anew, or over, at the next errand. */
    void close(Errand errand) {
        try {
            client.send(caller(errand), PROXY, "DELETE", path(errand), null, DEADLINE);
        } catch (UpstreamProblemException | UpstreamUnavailableException e) {
            LOG.atWarn()
                    .addKeyValue("session", errand.doorId())
                    .addKeyValue("reason", e.getMessage())
                    .log("egress door not closed");
        }
    }

    private Caller caller(Errand errand) {
        return Caller.system(service, errand.projectId());
    }

    private static String path(Errand errand) {
        return "/api/sessions/" + InternalClient.segment(errand.doorId());
    }
}
