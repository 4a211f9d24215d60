package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.identity.IdentityTokens;
import io.micronaut.core.type.Argument;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the other services in a caller's name, about the project that the caller was let into. Blocks. */
@Singleton
class Peers {
    static final String WORKSPACES = "workspace-service";
    static final String SESSIONS = "session-service";
    static final String CONTAINERS = "container-service";
    static final String USAGE = "mitm-proxy";

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final InternalClient client;
    private final IdentityTokens tokens;

    Peers(InternalClient client, IdentityTokens tokens) {
        this.client = client;
        this.tokens = tokens;
    }

    Map<String, Object> get(Admission admission, String service, String rest) {
        return call(admission, service, "GET", rest, null, DEADLINE);
    }

    /** As {@link #get}; empty if there is no such thing. */
    Optional<Map<String, Object>> find(Admission admission, String service, String rest) {
        try {
            return Optional.of(get(admission, service, rest));
        } catch (UpstreamProblemException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Map<String, Object> post(Admission admission, String service, String rest, @Nullable Object body) {
        return call(admission, service, "POST", rest, body, DEADLINE);
    }

    /** Calls; {@code rest} is what follows the project in the path, with its query. */
    Map<String, Object> call(
            Admission admission, String service, String method, String rest, @Nullable Object body, Duration deadline) {
        return client.call(
                admission.caller(tokens.service()),
                service,
                method,
                "/internal/projects/" + admission.project() + "/" + rest,
                body,
                Argument.mapOf(String.class, Object.class),
                deadline);
    }
}
