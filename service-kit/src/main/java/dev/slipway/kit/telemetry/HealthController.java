package dev.slipway.kit.telemetry;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.util.StringUtils;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/** Whether the service is up (live) and can do its work (ready: its database answers). */
@Controller
@Requires(property = "slipway.health.enabled", notEquals = StringUtils.FALSE)
class HealthController {
    private static final int SECONDS_MAX = 2;

    private final DataSource database;
    private final String version;

    HealthController(DataSource database, @Value("${slipway.version:0.1.0}") String version) {
        // The pool itself: what the framework hands out knows connections of a transaction only, and there is none
        // here.
        this.database = DelegatingDataSource.unwrapDataSource(database);
        this.version = version;
    }

    @Get("/health")
    Map<String, Object> health() {
        return Map.of("status", "ok", "version", version);
    }

    @Get("/healthz")
    Map<String, Object> healthz() {
        return Map.of("ok", true);
    }

    @Get("/health/liveness")
    Map<String, Object> liveness() {
        return Map.of("status", "ok");
    }

    @Get("/health/readiness")
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<Map<String, Object>> readiness() {
        try (Connection connection = database.getConnection()) {
            if (connection.isValid(SECONDS_MAX)) {
                return HttpResponse.ok(Map.of("status", "ok"));
            }
        } catch (SQLException _) {
            // Not ready says it all; the pool logs why.
        }
        return HttpResponse.<Map<String, Object>>status(HttpStatus.SERVICE_UNAVAILABLE)
                .body(Map.of("status", "database unavailable"));
    }
}
