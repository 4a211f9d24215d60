package dev.slipway.gateway.status;

import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamProblemException;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import io.micronaut.core.type.Argument;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Asks the other services how they are, all at once. */
@Singleton
class ServiceSurvey {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final List<String> NAMES =
            List.of("workspace-service", "session-service", "container-service", "credential-service", "mitm-proxy");

    private final InternalClient client;
    private final IdentityTokens tokens;
    private final ExecutorService blocking;

    ServiceSurvey(
            InternalClient client, IdentityTokens tokens, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.client = client;
        this.tokens = tokens;
        this.blocking = blocking;
    }

    /** How a service is. */
    @Serdeable
    record ServiceState(String name, boolean ok) {}

    List<ServiceState> services() {
        List<CompletableFuture<ServiceState>> asked = NAMES.stream()
                .map(name -> CompletableFuture.supplyAsync(() -> new ServiceState(name, isUp(name)), blocking))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** What the container service says of the engine; null if it cannot say. */
    @Nullable
    Map<String, Object> engine() {
        try {
            return client.call(
                    caller(),
                    "container-service",
                    "GET",
                    "/internal/engine",
                    null,
                    Argument.mapOf(String.class, Object.class),
                    DEADLINE);
        } catch (UpstreamUnavailableException | UpstreamProblemException | UncheckedIOException _) {
            return null;
        }
    }

    private boolean isUp(String name) {
        try {
            return client.send(caller(), name, "GET", "/health", null, DEADLINE) < 300;
        } catch (UpstreamUnavailableException | UpstreamProblemException _) {
            return false;
        }
    }

    private Caller caller() {
        return Caller.system(tokens.service(), null);
    }
}
