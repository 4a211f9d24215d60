package dev.slipway.devstack;

import dev.slipway.devstack.home.PrivateFiles;
import dev.slipway.devstack.home.Processes;
import dev.slipway.devstack.service.SuiteService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What runs, written down for {@code status}, {@code down} and for the next start after a kill. Holds no secret.
 *
 * @param phase {@code starting} or {@code running}
 * @param shape {@code one-jvm} or {@code isolated}
 * @param internalTls whether the services speak TLS among themselves
 * @param postgres at an address without user and password
 */
record StackState(
        String phase,
        long launcher,
        String shape,
        String url,
        boolean internalTls,
        Server postgres,
        Server kafka,
        Map<SuiteService, Part> services) {
    StackState {
        services = Map.copyOf(services);
    }

    /** Postgres or Kafka: where it is, and the process it runs in; 0 for one that was there before. */
    record Server(String address, long pid) {}

    /** One service: its port and the process it runs in. */
    record Part(int port, long pid) {}

    void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("phase", phase);
        properties.setProperty("pid", Long.toString(launcher));
        properties.setProperty("shape", shape);
        properties.setProperty("url", url);
        properties.setProperty("internal.tls", Boolean.toString(internalTls));
        properties.setProperty("database", postgres.address());
        properties.setProperty("postgres.pid", Long.toString(postgres.pid()));
        properties.setProperty("kafka", kafka.address());
        properties.setProperty("kafka.pid", Long.toString(kafka.pid()));
        services.forEach((service, part) -> {
            properties.setProperty("service." + service.title() + ".port", Integer.toString(part.port()));
            properties.setProperty("service." + service.title() + ".pid", Long.toString(part.pid()));
        });
        PrivateFiles.writeProperties(file, properties, "What runs; written by the launcher");
    }

    /** What the file says, whether or not it is still true. */
    static Optional<StackState> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = PrivateFiles.readProperties(file);
        Map<SuiteService, Part> services = new LinkedHashMap<>();
        for (SuiteService service : SuiteService.values()) {
            String prefix = "service." + service.title();
            if (properties.containsKey(prefix + ".port")) {
                services.put(
                        service,
                        new Part((int) number(properties, prefix + ".port"), number(properties, prefix + ".pid")));
            }
        }
        return Optional.of(new StackState(
                properties.getProperty("phase", ""),
                number(properties, "pid"),
                properties.getProperty("shape", ""),
                properties.getProperty("url", ""),
                Boolean.parseBoolean(properties.getProperty("internal.tls")),
                new Server(properties.getProperty("database", ""), number(properties, "postgres.pid")),
                new Server(properties.getProperty("kafka", ""), number(properties, "kafka.pid")),
                services));
    }

    /** Whether the launcher that wrote this lives. */
    boolean isAlive() {
        return Processes.find(launcher, Launcher.class.getName()).isPresent();
    }

    /** Processes of services, and of Kafka, that outlived a launcher which was killed. Postgres is found by its data. */
    List<ProcessHandle> leftovers(String mark) {
        List<ProcessHandle> left = new ArrayList<>();
        Stream.concat(services.values().stream().map(Part::pid), Stream.of(kafka.pid()))
                .filter(pid -> pid != launcher)
                .forEach(pid -> Processes.find(pid, mark).ifPresent(left::add));
        return left;
    }

    private static long number(Properties properties, String name) {
        String text = properties.getProperty(name, "0");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
