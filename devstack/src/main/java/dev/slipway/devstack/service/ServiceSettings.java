package dev.slipway.devstack.service;

import dev.slipway.devstack.home.Keys;
import dev.slipway.devstack.home.SlipwayHome;
import dev.slipway.devstack.postgres.DatabaseAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the services of one stack are told.
 *
 * @param project the folder of the project, for the built web UI
 * @param signingKey signs users' tokens; null where nobody logs in, or who does has brought one
 * @param ports service → loopback port
 * @param internalTls whether the services speak TLS among themselves; see {@link #speaksTls}
 * @param egressPort loopback port of mitm-proxy's TCP listener, through which workspace-service's git leaves
 * @param databases schema → how its service enters the database
 */
public record ServiceSettings(
        SlipwayHome home,
        Path runDirectory,
        Path project,
        Keys keys,
        @Nullable Path signingKey,
        Map<SuiteService, Integer> ports,
        boolean internalTls,
        int egressPort,
        Map<String, DatabaseAddress> databases,
        String bootstrapServers) {
    public ServiceSettings {
        ports = Map.copyOf(ports);
        databases = Map.copyOf(databases);
    }

    public int port(SuiteService service) {
        return ports.getOrDefault(service, 0);
    }

    public String url(SuiteService service) {
        return (internalTls && speaksTls(service) ? "https" : "http") + "://127.0.0.1:" + port(service);
    }

    /** Whether what this process was started with asks for TLS between the services, by the same name as everywhere. */
    public static boolean internalTls(Map<String, String> environment) {
        return Boolean.parseBoolean(environment.getOrDefault("SLIPWAY_INTERNAL_TLS_ENABLED", "false"));
    }

    /** Whether TLS between the services is about this one's port; the gateway's is for everybody. */
    public static boolean speaksTls(SuiteService service) {
        return service != SuiteService.GATEWAY;
    }

    /** The environment of a process that runs this service: the same names as in every other deployment. */
    Map<String, String> environment(SuiteService service) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PORT", Integer.toString(port(service)));
        environment.put("SLIPWAY_BIND", "127.0.0.1");
        DatabaseAddress database = databases.get(service.schema());
        if (database != null) {
            environment.put("DATABASE_URL", database.jdbcUrl(service.schema()));
            environment.put("DATABASE_USER", database.user());
            environment.put("DATABASE_PASSWORD", database.password());
        }
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        environment.put("SLIPWAY_HOME", home.root().toString());
        environment.put("SLIPWAY_RUN_DIR", runDirectory.toString());
        environment.put("SLIPWAY_INSTANCE", home.fingerprint());
        environment.put("SLIPWAY_INTERNAL_KEY", keys.internal());
        if (service == SuiteService.CONTAINER) {
            environment.put("SLIPWAY_STOP_MARKER", home.stopMarker().toString());
        }
        if (service == SuiteService.MITM) {
            environment.put("SLIPWAY_PROXY_TCP_ADDRESS", "127.0.0.1:" + egressPort);
        }
        if (service == SuiteService.CREDENTIAL) {
            environment.put("ENCRYPTION_KEY", keys.encryption());
        }
        for (SuiteService peer : ports.keySet()) {
            environment.put(peer.urlVariable(), url(peer));
        }
        if (signingKey != null && service == SuiteService.GATEWAY) {
            environment.put("AUTH_SIGNING_KEY_FILE", signingKey.toString());
        }
        Path ui = project.resolve("ui").resolve("dist");
        if (Files.isDirectory(ui)) {
            environment.put("SLIPWAY_UI_DIR", ui.toString());
        }
        return environment;
    }

    /** The same for a service in this process, whose environment belongs to all of them. */
    Map<String, Object> properties(SuiteService service) {
        Map<String, String> environment = environment(service);
        // Placeholders such as ${PORT} look here before they look at the real environment.
        Map<String, Object> properties = new HashMap<>(environment);
        properties.put("micronaut.server.port", port(service));
        properties.put("micronaut.server.host", "127.0.0.1");
        putIfPresent(properties, "datasources.default.url", environment.get("DATABASE_URL"));
        putIfPresent(properties, "datasources.default.username", environment.get("DATABASE_USER"));
        putIfPresent(properties, "datasources.default.password", environment.get("DATABASE_PASSWORD"));
        properties.put("kafka.bootstrap.servers", bootstrapServers);
        properties.put("slipway.home", home.root().toString());
        properties.put("slipway.run-dir", runDirectory.toString());
        properties.put("slipway.instance", home.fingerprint());
        properties.put("slipway.internal.key", keys.internal());
        putIfPresent(properties, "slipway.proxy.tcp.address", environment.get("SLIPWAY_PROXY_TCP_ADDRESS"));
        putIfPresent(properties, "slipway.encryption.key", environment.get("ENCRYPTION_KEY"));
        for (SuiteService peer : ports.keySet()) {
            properties.put("slipway.services." + peer.title() + ".url", url(peer));
        }
        putIfPresent(properties, "slipway.auth.signing-key-file", environment.get("AUTH_SIGNING_KEY_FILE"));
        putIfPresent(properties, "slipway.ui.dir", environment.get("SLIPWAY_UI_DIR"));
        return properties;
    }

    private static void putIfPresent(Map<String, Object> properties, String key, @Nullable String value) {
        if (value != null) {
            properties.put(key, value);
        }
    }
}
