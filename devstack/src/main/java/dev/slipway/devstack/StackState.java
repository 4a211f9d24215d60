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

/**
 * What runs, written down for {@code status}, {@code down} and for the next start after a kill. Holds no secret.
 *
 * @param phase {@code starting} or {@code running}
 * @param shape {@code one-jvm} or {@code isolated}
 * @param database where Postgres is, without user and password
 */
record StackState(
        String phase,
        long launcher,
        String shape,
        String url,
        String database,
        String kafka,
        Map<SuiteService, Part> services) {
    StackState {
        services = Map.copyOf(services);
    }

    /** One service: its port and the process it runs in. */
    record Part(int port, long pid) {}

    void write(Path file) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("phase", phase);
        properties.setProperty("pid", Long.toString(launcher));
        properties.setProperty("shape", shape);
        properties.setProperty("url", url);
        properties.setProperty("database", database);
        properties.setProperty("kafka", kafka);
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
                properties.getProperty("database", ""),
                properties.getProperty("kafka", ""),
                services));
    }

    /** Whether the launcher that wrote this lives. */
    boolean isAlive() {
        return Processes.find(launcher, Launcher.class.getName()).isPresent();
    }

    /** Processes of services that outlived a launcher which was killed. */
    List<ProcessHandle> leftovers(String mark) {
        List<ProcessHandle> left = new ArrayList<>();
        for (Part part : services.values()) {
            if (part.pid() != launcher) {
                Processes.find(part.pid(), mark).ifPresent(left::add);
            }
        }
        return left;
    }

    private static long number(Properties properties, String name) {
        String text = properties.getProperty(name, "0");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
