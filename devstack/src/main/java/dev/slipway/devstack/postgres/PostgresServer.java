package dev.slipway.devstack.postgres;

import dev.slipway.devstack.StartFailure;
import dev.slipway.devstack.home.Keys;
import dev.slipway.devstack.home.PrivateFiles;
import dev.slipway.devstack.process.KeptProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Postgres of our own that listens on the loopback interface and keeps its data in one folder.
 *
 * <p>A server that a killed launcher left behind is stopped first: its clients are gone, and it knows an old port.
 */
public final class PostgresServer {
    private static final String ADMINISTRATOR = "slipway_admin";
    private static final String DATABASE = "slipway";
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
    private static final Duration INITIALISE_DEADLINE = Duration.ofSeconds(120);

    private final KeptProcess process;
    private final DatabaseAddress address;

    private PostgresServer(KeptProcess process, DatabaseAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts on that port; makes a new database cluster in the folder if there is none. A server that ends unasked is started
     * again on the same port, and recovers what it had.
     *
     * @param said takes a sentence when it ends unasked
     * @param changed called when it has another process number
     */
    public static PostgresServer start(Path directory, int port, Path log, Consumer<String> said, Runnable changed)
            throws IOException, InterruptedException {
        PrivateFiles.directory(directory);
        PostgresBinaries programs = PostgresBinaries.unpackTo(directory);
        List<String> prefix = Unprivileged.prefix();
        Path data = directory.resolve("data");
        LeftoverPostgres.stop(data);
        Path passwordFile = directory.resolve("admin.password");
        if (!Files.isDirectory(data)) {
            initialise(programs, prefix, directory, data, passwordFile, log);
        }
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(programs.program("postgres").toString(), "-D", data.toString()));
        settings(port).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        KeptProcess process = KeptProcess.start("Postgres", () -> launch(command, log), said, changed);
        String password = Files.readString(passwordFile).strip();
        var administrator = new DatabaseAddress("127.0.0.1", port, "postgres", ADMINISTRATOR, password, Map.of());
        try {
            awaitReady(process, administrator, log);
            createDatabase(administrator);
        } catch (StartFailure | SQLException e) {
            process.stop("INT", Duration.ZERO);
            throw e instanceof StartFailure failure
                    ? failure
                    : new StartFailure("Postgres refuses: " + e.getMessage(), e);
        }
        return new PostgresServer(
                process, new DatabaseAddress("127.0.0.1", port, DATABASE, ADMINISTRATOR, password, Map.of()));
    }

    /** The database for the services, entered as administrator. */
    public DatabaseAddress address() {
        return address;
    }

    public long pid() {
        return process.pid();
    }

    /** Ends open connections, writes a checkpoint and stops; kills it only after a deadline. */
    public void stop() throws InterruptedException {
        process.stop("INT", STOP_DEADLINE);
    }

    private static Process launch(List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Keys of other parts are none of the server's business.
        builder.environment().keySet().removeAll(List.of("DATABASE_DSN", "ENCRYPTION_KEY"));
        return builder.start();
    }

    private static Map<String, String> settings(int port) {
        return Map.of(
                "port", Integer.toString(port),
                "listen_addresses", "127.0.0.1",
                "unix_socket_directories", "",
                "max_connections", "160",
                "shared_buffers", "32MB",
                "max_wal_size", "512MB",
                "jit", "off",
                "timezone", "UTC");
    }

    private static void initialise(
            PostgresBinaries programs, List<String> prefix, Path directory, Path data, Path passwordFile, Path log)
            throws IOException, InterruptedException {
        Path draft = directory.resolve("data.new");
        removeTree(draft);
        PrivateFiles.write(passwordFile, Keys.random() + "\n");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                programs.program("initdb").toString(),
                "--pgdata=" + draft,
                "--username=" + ADMINISTRATOR,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!process.waitFor(INITIALISE_DEADLINE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new StartFailure("Postgres could not make its database in " + data + "; why is in " + log + ".\n"
                    + "A server that exists can be used instead: ./slipway up --database-url postgres://…");
        }
        // Only a complete cluster gets the final name.
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitReady(KeptProcess process, DatabaseAddress administrator, Path log)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(START_DEADLINE);
        while (true) {
            try (var connection = DriverManager.getConnection(
                    administrator.jdbcUrl(), administrator.user(), administrator.password())) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    throw new StartFailure(
                            "Postgres did not start ("
                                    + String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse("") + "); its log is " + log + ".",
                            e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(40);
        }
    }

    private static void createDatabase(DatabaseAddress administrator) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        administrator.jdbcUrl(), administrator.user(), administrator.password());
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
    }

    private static void removeTree(Path tree) throws IOException {
        if (Files.isDirectory(tree)) {
            try (var paths = Files.walk(tree)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
