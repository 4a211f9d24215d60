package dev.slipway.container.reconcile;

import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.contracts.mitm.EgressAuthority;
import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.contracts.mitm.EgressSession;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.identity.Caller;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** Asks mitm-proxy for a session's way out, and gives it back. Both may be repeated. */
@Singleton
class EgressDoors {
    private static final String PROXY = "mitm-proxy";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final InternalClient client;
    private final String service;

    EgressDoors(InternalClient client, @Value("${micronaut.application.name}") String service) {
        this.client = client;
        this.service = service;
    }

    EgressDoor open(WantedSandbox sandbox, List<String> allow) {
        EgressSession session = new EgressSession(
                sandbox.projectId(),
                sandbox.workspaceId(),
                sandbox.need().userId(),
                sandbox.need().agent().type(),
                sandbox.generation(),
                allow);
        return client.call(caller(sandbox), PROXY, "PUT", path(sandbox), session, EgressDoor.class, DEADLINE);
    }

    /** Which authorities sandboxes are to trust now. */
    String trustedPem() {
        return client.call(
                        Caller.system(service, null),
                        PROXY,
                        "GET",
                        "/api/authority",
                        null,
                        EgressAuthority.class,
                        DEADLINE)
                .trustedPem();
    }

    void close(WantedSandbox sandbox) {
        try {
            client.send(caller(sandbox), PROXY, "DELETE", path(sandbox), null, DEADLINE);
        } catch (UpstreamProblemException e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    private Caller caller(WantedSandbox sandbox) {
        return Caller.system(service, sandbox.projectId());
    }

    private static String path(WantedSandbox sandbox) {
        return "/api/sessions/" + InternalClient.segment(sandbox.sessionId());
    }
}
