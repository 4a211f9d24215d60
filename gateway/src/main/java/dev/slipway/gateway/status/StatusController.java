package dev.slipway.gateway.status;

import dev.slipway.gateway.login.Providers;
import dev.slipway.gateway.user.AuthSettings;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the gateway tells of the whole. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller
class StatusController {
    private final ServiceSurvey survey;
    private final AuthSettings auth;
    private final Providers providers;
    private final ApiDocs docs;
    private final String version;

    StatusController(
            ServiceSurvey survey,
            AuthSettings auth,
            Providers providers,
            ApiDocs docs,
            @Value("${slipway.version:0.1.0}") String version) {
        this.survey = survey;
        this.auth = auth;
        this.providers = providers;
        this.docs = docs;
        this.version = version;
    }

    @Serdeable
    record Message(String id, String level, String title, String message) {}

    @Serdeable
    record Status(
            boolean ok,
            List<Message> messages,
            List<ServiceSurvey.ServiceState> services,
            @Nullable Map<String, Object> engine,
            List<Object> images) {}

    @Serdeable
    record ServerConfig(String version, boolean authEnabled, String defaultProject, List<String> loginProviders) {}

    @Get("/api/status")
    Status status() {
        List<ServiceSurvey.ServiceState> services = survey.services();
        @Nullable Map<String, Object> engine = survey.engine();
        List<Object> images =
                engine != null && engine.get("images") instanceof List<?> list ? List.copyOf(list) : List.of();
        List<Message> messages = new ArrayList<>();
        services.stream()
                .filter(service -> !service.ok())
                .forEach(service -> messages.add(new Message(
                        service.name(),
                        "error",
                        service.name() + " does not answer",
                        "What it owns cannot be used until it is back.")));
        boolean ok = messages.isEmpty();
        if (engine != null && "none".equals(engine.get("kind"))) {
            messages.add(new Message(
                    "engine", "error", "No container engine answers", String.valueOf(engine.get("message"))));
        }
        images.stream().flatMap(image -> missing(image).stream()).forEach(messages::add);
        return new Status(ok, List.copyOf(messages), services, engine, images);
    }

    /** Sessions cannot start without it; its message has the command that helps. */
    private static Optional<Message> missing(Object image) {
        return image instanceof Map<?, ?> seen && Boolean.FALSE.equals(seen.get("present"))
                ? Optional.of(new Message(
                        "image", "warning", "The sandbox image is missing", String.valueOf(seen.get("message"))))
                : Optional.empty();
    }

    @Get("/api/server-config")
    ServerConfig serverConfig() {
        return new ServerConfig(version, auth.enabled(), "local", auth.enabled() ? providers.names() : List.of());
    }

    @Get("/openapi.yaml")
    @Produces("application/yaml")
    String openApi() {
        return ApiDocs.description();
    }

    @Get("/api/docs")
    @Produces("text/html;charset=utf-8")
    String docs() {
        return docs.page();
    }
}
