package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A Slipway of its own: own home, own port, started and stopped by the command that users have. */
final class Slipway implements AutoCloseable {
    /** How the services run. */
    enum Shape {
        ONE_JVM,
        ISOLATED
    }

    final Path home;
    final int port;
    private final Shape shape;
    private final Map<String, String> environment;

    private Slipway(Path home, int port, Shape shape, Map<String, String> environment) {
        this.home = home;
        this.port = port;
        this.shape = shape;
        this.environment = environment;
    }

    /** Starts one whose repositories are under {@code repositories}. */
    static Slipway start(Shape shape, Path repositories, Map<String, String> environment) {
        try {
            // Directly under /tmp, since the paths of sockets must be short.
            Path home = Files.createTempDirectory("slw");
            Map<String, String> all = new HashMap<>(environment);
            all.put("SLIPWAY_HOME", home.toString());
            all.put("REPO_ALLOWLIST", repositories.toString());
            // The stories look at sandboxes by Docker's program, so that is the engine, whatever else answers here.
            all.put("SLIPWAY_ENGINE", "docker");
            Slipway slipway = new Slipway(home, freePort(), shape, all);
            slipway.up();
            return slipway;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Api api() {
        return new Api(url());
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** {@code ./slipway up --detach}. */
    String up() {
        List<String> command = new ArrayList<>(List.of("up", "--detach", "--yes", "--port", Integer.toString(port)));
        if (shape == Shape.ISOLATED) {
            command.add("--isolated");
        }
        return command(Duration.ofMinutes(10), command.toArray(String[]::new));
    }

    /** {@code ./slipway down}. */
    String down() {
        return command(Duration.ofMinutes(2), "down");
    }

    /** Any other command of {@code ./slipway}; fails with its output when it fails. */
    String command(Duration deadline, String... arguments) {
        List<String> command = new ArrayList<>(List.of("./slipway"));
        command.addAll(List.of(arguments));
        return Commands.run(Commands.ROOT, environment(), deadline, command, null)
                .orFail();
    }

    /** {@code kill -9} of one service of the isolated shape, of {@code kafka} or {@code postgres}; the launcher starts it again. */
    void kill(String service) {
        assertThat(process(service).destroyForcibly()).isTrue();
    }

    /** The process that a part runs in. */
    ProcessHandle process(String service) {
        try {
            // Its exit code says whether all is well, which it need not be: another may still be coming back.
            List<String> command = List.of("./slipway", "status", "--json");
            JsonNode status =
                    Api.JSON.readTree(Commands.run(Commands.ROOT, environment(), Duration.ofMinutes(1), command, null)
                            .output());
            return ProcessHandle.of(pid(status, service))
                    .orElseThrow(() -> new AssertionError("no " + service + " in " + status));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long pid(JsonNode status, String service) {
        for (JsonNode part : status.path("services")) {
            if (part.path("name").asText().equals(service)) {
                return part.path("pid").asLong();
            }
        }
        return status.path(service + "Pid").asLong();
    }

    Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(environment);
        all.put("SLIPWAY_URL", url());
        return all;
    }

    @Override
    public void close() {
        down();
    }

    /** Below those that the system hands out to connections, one of which would else take it before it is bound, or while it is not. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // Taken.
            }
        }
    }
}
