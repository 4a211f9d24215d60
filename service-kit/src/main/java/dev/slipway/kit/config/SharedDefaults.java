package dev.slipway.kit.config;

import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.ApplicationContextConfigurer;
import io.micronaut.context.annotation.ContextConfigurer;
import io.micronaut.context.env.PropertySource;
import java.util.HashMap;
import java.util.Map;

/**
 * Settings that all services share. Each stands below a service's own {@code application.yml}, the environment and
 * whatever a user sets. A service names its schema as {@code slipway.database.schema}.
 */
@ContextConfigurer
public final class SharedDefaults implements ApplicationContextConfigurer {
    /** Below application.yml (-300), above nothing. */
    private static final int LOWEST = -1000;

    @Override
    public void configure(ApplicationContextBuilder builder) {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("micronaut.server.host", "${SLIPWAY_BIND:127.0.0.1}");
        defaults.put("micronaut.server.max-request-size", "10MB");
        defaults.put("micronaut.server.netty.max-header-size", 16384);
        defaults.put("micronaut.server.thread-selection", "MANUAL");
        defaults.put("micronaut.server.idle-timeout", "10m");
        // Only where TLS between the services is on (the package tls); what it is then, is said there.
        defaults.put("micronaut.server.ssl.enabled", "${slipway.internal.tls.enabled:false}");
        defaults.put("micronaut.server.ssl.build-self-signed", false);
        defaults.put("micronaut.server.ssl.port", "${micronaut.server.port:-1}");
        // Compression would hold back the frames of an event stream; what is large and still is compressed beforehand.
        defaults.put("micronaut.server.netty.compression-threshold", -1);
        defaults.put("micronaut.executors.blocking.virtual", true);
        defaults.put("datasources.default.url", "${DATABASE_URL:`jdbc:postgresql://127.0.0.1:5432/slipway`}");
        defaults.put("datasources.default.username", "${DATABASE_USER:slipway}");
        defaults.put("datasources.default.password", "${DATABASE_PASSWORD:slipway}");
        defaults.put("datasources.default.driver-class-name", "org.postgresql.Driver");
        defaults.put("datasources.default.db-type", "postgres");
        defaults.put("datasources.default.dialect", "POSTGRES");
        defaults.put("datasources.default.schema-generate", "NONE");
        defaults.put("datasources.default.schema", "${slipway.database.schema}");
        defaults.put("datasources.default.maximum-pool-size", 12);
        defaults.put("datasources.default.minimum-idle", 1);
        defaults.put("datasources.default.connection-timeout", 10000);
        // A service that starts while the database recovers waits for it instead of giving up.
        defaults.put("datasources.default.initialization-fail-timeout", 30000);
        defaults.put("flyway.datasources.default.enabled", true);
        defaults.put("flyway.datasources.default.default-schema", "${slipway.database.schema}");
        defaults.put("flyway.datasources.default.locations[0]", "classpath:db/kit");
        defaults.put("flyway.datasources.default.locations[1]", "classpath:db/migration/${slipway.database.schema}");
        defaults.put("kafka.bootstrap.servers", "${KAFKA_BOOTSTRAP_SERVERS:`127.0.0.1:9092`}");
        defaults.put("kafka.health.enabled", false);
        defaults.put("endpoints.health.enabled", false);
        defaults.put("endpoints.prometheus.enabled", true);
        defaults.put("endpoints.prometheus.sensitive", false);
        defaults.put("endpoints.all.enabled", false);
        defaults.put("micronaut.metrics.binders.kafka.enabled", false);
        defaults.put("jackson.always-serialize-errors-as-list", false);
        defaults.put("micronaut.serde.serialization.inclusion", "NON_NULL");
        // Placeholders with defaults do not nest, so these two are put together here.
        String home = environment("SLIPWAY_HOME", System.getProperty("user.home") + "/.slipway");
        defaults.put("slipway.home", home);
        defaults.put("slipway.run-dir", environment("SLIPWAY_RUN_DIR", home + "/run"));
        defaults.put("slipway.internal.key", "${SLIPWAY_INTERNAL_KEY}");
        defaults.put("slipway.services.workspace-service.url", "${WORKSPACE_SERVICE_URL:`http://127.0.0.1:8101`}");
        defaults.put("slipway.services.session-service.url", "${SESSION_SERVICE_URL:`http://127.0.0.1:8102`}");
        defaults.put("slipway.services.container-service.url", "${CONTAINER_SERVICE_URL:`http://127.0.0.1:8103`}");
        defaults.put("slipway.services.credential-service.url", "${CREDENTIAL_SERVICE_URL:`http://127.0.0.1:8104`}");
        defaults.put("slipway.services.mitm-proxy.url", "${MITM_PROXY_URL:`http://127.0.0.1:17081`}");
        defaults.put("slipway.services.gateway.url", "${GATEWAY_URL:`http://127.0.0.1:8080`}");
        builder.propertySources(PropertySource.of("slipway-defaults", defaults, LOWEST));
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}
