package dev.slipway.kit.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The servers that integration tests meet. A test class implements Micronaut's {@code TestPropertyProvider} with
 * {@link #properties}, or starts an {@code ApplicationContext} of its own with them.
 */
public final class EmbeddedServers {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private EmbeddedServers() {}

    /** Settings of a service that finds a fresh, empty database, the broker, a folder of its own and an internal key. */
    public static Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("datasources.default.url", freshDatabase());
        properties.put("datasources.default.username", "postgres");
        properties.put("datasources.default.password", "postgres");
        properties.put("datasources.default.maximum-pool-size", "8");
        properties.put("kafka.bootstrap.servers", kafka());
        properties.put("slipway.home", freshFolder().toString());
        properties.put("slipway.run-dir", freshFolder().toString());
        properties.put("slipway.internal.key", "dGhlIGtleSBvZiB0ZXN0cywgMzIgYnl0ZXMgb3IgbW9yZQ==");
        properties.put("micronaut.server.port", "-1");
        return properties;
    }

    /** The JDBC address of a new, empty database; user and password are {@code postgres}. */
    public static String freshDatabase() {
        String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        try (Connection connection = PostgresHolder.SERVER.getPostgresDatabase().getConnection();
                Statement create = connection.createStatement()) {
            create.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
        return "jdbc:postgresql://127.0.0.1:" + PostgresHolder.SERVER.getPort() + "/" + name;
    }

    /** A connection to a database made by {@link #freshDatabase}. */
    public static Connection connect(String jdbcUrl) throws SQLException {
        return DriverManager.getConnection(jdbcUrl, "postgres", "postgres");
    }

    /** The broker's address. */
    public static String kafka() {
        return KafkaHolder.BROKER.bootstrapServers();
    }

    private static Path freshFolder() {
        try {
            return Files.createTempDirectory("slipway-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class PostgresHolder {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .setPort(FreePorts.any())
                        .setServerConfig("fsync", System.getProperty("slipway.test.fsync", "off"))
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("shared_buffers", "32MB")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        server.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("embedded Postgres does not start", e);
            }
        }
    }

    private static final class KafkaHolder {
        static final EmbeddedKafka BROKER = EmbeddedKafka.start(freshFolder());
    }
}
