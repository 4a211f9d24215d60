package dev.slipway.devstack.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.devstack.home.PortBook;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Postgres that keeps what it was given, across stops and kills, and keeps the services apart. */
class PostgresServerTest {
    /** One for all: unpacking and initialising are slow, and each test uses tables of its own. */
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    private @Nullable PostgresServer running;

    @AfterEach
    void stop() throws InterruptedException {
        if (running != null) {
            running.stop();
        }
    }

    @Test
    void dataSurvivesAStopAndAKillAndALeftoverServer() throws Exception {
        Map<String, DatabaseAddress> services = start();
        execute(services, "session", "CREATE TABLE kept (text text)", "INSERT INTO kept VALUES ('one')");

        // Stopped and started.
        stop();
        services = start();
        execute(services, "session", "INSERT INTO kept VALUES ('two')");

        // Killed: it comes back by itself, with all that it had.
        long killed = running().pid();
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        awaitAnother(killed);
        execute(services, "session", "INSERT INTO kept VALUES ('three')");
        stop();

        // Left running by a launcher that was killed: the next start ends it.
        long leftover = leftover();
        services = start();

        assertThat(ProcessHandle.of(leftover).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
        assertThat(query(services, "session", "SELECT string_agg(text, ' ') FROM kept"))
                .isEqualTo("one two three");
    }

    @Test
    void aServiceSeesItsOwnSchemaAndNoOther() throws Exception {
        Map<String, DatabaseAddress> services = start();
        execute(services, "session", "CREATE TABLE note (text text)");

        assertThat(query(services, "session", "SELECT current_schema()")).isEqualTo("session");
        assertThatThrownBy(() -> query(services, "workspace", "SELECT text FROM session.note"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for schema session");
        assertThatThrownBy(() -> execute(services, "workspace", "CREATE TABLE public.note (text text)"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied for schema public");
    }

    @Test
    void itWritesToTheDiskAndAsksForAPassword() throws Exception {
        Map<String, DatabaseAddress> services = start();

        assertThat(query(services, "session", "SHOW fsync")).isEqualTo("on");
        assertThat(query(services, "session", "SHOW synchronous_commit")).isEqualTo("on");
        DatabaseAddress session = services.getOrDefault("session", running().address());
        assertThatThrownBy(() -> DriverManager.getConnection(session.jdbcUrl(), session.user(), "wrong"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    private void awaitAnother(long killed) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (running().pid() == killed || !answers()) {
            assertThat(System.nanoTime()).as("not back within a minute").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private boolean answers() {
        DatabaseAddress address = running().address();
        try (Connection connection =
                DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())) {
            return connection.isValid(5);
        } catch (SQLException _) {
            return false;
        }
    }

    /** The number of a server whose launcher, a process of its own, was killed. */
    private static long leftover() throws Exception {
        Process launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledLauncher.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = launcher.inputReader(StandardCharsets.UTF_8)) {
            return Long.parseLong(String.valueOf(output.readLine()));
        } finally {
            launcher.destroyForcibly().waitFor();
        }
    }

    /** Starts a server, says its number, and waits to be killed. */
    static final class KilledLauncher {
        private KilledLauncher() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            System.out.println(start(directory).pid());
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    private static PostgresServer start(Path directory) throws Exception {
        int port = new PortBook(directory.resolve("ports.properties")).choose("postgres");
        return PostgresServer.start(
                directory.resolve("postgres"), port, directory.resolve("postgres.log"), _ -> {}, () -> {});
    }

    private Map<String, DatabaseAddress> start() throws Exception {
        running = start(directory);
        Path passwords = directory.resolve("database.properties");
        var services = ServiceSchemas.provide(running.address(), List.of("session", "workspace"), passwords);
        assertThat(Files.getPosixFilePermissions(passwords)).hasSize(2);
        return services;
    }

    private PostgresServer running() {
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    private void execute(Map<String, DatabaseAddress> services, String schema, String... statements)
            throws SQLException {
        try (Connection connection = connect(services, schema);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String query(Map<String, DatabaseAddress> services, String schema, String sql) throws SQLException {
        try (Connection connection = connect(services, schema);
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private Connection connect(Map<String, DatabaseAddress> services, String schema) throws SQLException {
        DatabaseAddress address = services.getOrDefault(schema, running().address());
        return DriverManager.getConnection(address.jdbcUrl(schema), address.user(), address.password());
    }
}
