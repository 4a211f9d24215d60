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
import java.util.List;
import java.util.Map;
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
        List<Message> messages = services.stream()
                .filter(service -> !service.ok())
                .map(service -> new Message(
                        service.name(),
                        "error",
                        service.name() + " does not answer",
                        "What it owns cannot be used until it is back."))
                .toList();
        List<Object> images =
                engine != null && engine.get("images") instanceof List<?> list ? List.copyOf(list) : List.of();
        return new Status(messages.isEmpty(), messages, services, engine, images);
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
