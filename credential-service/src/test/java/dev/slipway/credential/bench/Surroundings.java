package dev.slipway.credential.bench;

import dev.slipway.kit.testing.EmbeddedServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The database and the broker of a measured service, in a process of their own. */
public final class Surroundings {
    private Surroundings() {}

    /**
     * Starts both, writes the service's environment into the file of the first argument, and stays until its input ends.
     *
     * @throws IOException if they do not start
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> servers = EmbeddedServers.properties();
        Path file = Path.of(arguments[0]);
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "environment", "");
        Files.write(
                part,
                List.of(
                        "DATABASE_URL=" + servers.get("datasources.default.url"),
                        "DATABASE_USER=" + servers.get("datasources.default.username"),
                        "DATABASE_PASSWORD=" + servers.get("datasources.default.password"),
                        "KAFKA_BOOTSTRAP_SERVERS=" + servers.get("kafka.bootstrap.servers"),
                        "SLIPWAY_INTERNAL_KEY=" + servers.get("slipway.internal.key"),
                        "SLIPWAY_HOME=" + servers.get("slipway.home")),
                StandardCharsets.UTF_8);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        while (System.in.read() >= 0) {
            // Whoever started it keeps its input open.
        }
        // Kafka's threads would keep the process.
        Runtime.getRuntime().exit(0);
    }
}
