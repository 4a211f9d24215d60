package dev.slipway.container.agent;

import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.identity.Caller;
import io.micronaut.context.annotation.Value;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Knows sessions that exist although no wish for their sandbox has come yet: an event takes its time, and a user who just made a
 * session must not be told that there is none.
 */
@Singleton
class SessionsToCome {
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private final InternalClient client;
    private final String service;

    SessionsToCome(InternalClient client, @Value("${micronaut.application.name}") String service) {
        this.client = client;
        this.service = service;
    }

    /** True if session-service has this session in this project; false also when it cannot be asked. */
    boolean has(String project, String session) {
        try {
            Place place = client.call(
                    Caller.system(service, project),
                    "session-service",
                    "GET",
                    "/internal/sessions/" + InternalClient.segment(session),
                    null,
                    Place.class,
                    DEADLINE);
            return place.projectId().equals(project);
        } catch (UpstreamProblemException | UpstreamUnavailableException _) {
            return false;
        }
    }

    @Serdeable
    record Place(String projectId) {}
}
