package dev.slipway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/** Kills parts of an isolated stack with SIGKILL, at random moments, until it is closed; the launcher starts them again. */
final class ChaosKiller implements AutoCloseable {
    private static final Duration BACK_WITHIN = Duration.ofMinutes(2);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(2);

    private static final List<String> PARTS = List.of(
            "session-service",
            "gateway",
            "container-service",
            "mitm-proxy",
            "kafka",
            "postgres",
            "workspace-service",
            "credential-service");

    private final Path state;
    private final Duration pause;
    private final ChaosFigures figures;
    private final Thread thread;
    private volatile boolean over;

    /** @param pause the longest time between a part's return and the next kill */
    ChaosKiller(Path home, Duration pause, ChaosFigures figures) {
        this.state = home.resolve("stack.properties");
        this.pause = pause;
        this.figures = figures;
        this.thread = Thread.ofVirtual().start(this::killAgainAndAgain);
    }

    /** Each part once before any comes again, in another order each time. */
    private void killAgainAndAgain() {
        try {
            while (!over) {
                List<String> round = new ArrayList<>(PARTS);
                Collections.shuffle(round);
                for (String part : round) {
                    Thread.sleep(PAUSE_MIN.toMillis()
                            + ThreadLocalRandom.current()
                                    .nextLong(pause.minus(PAUSE_MIN).toMillis()));
                    if (over) {
                        return;
                    }
                    kill(part);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the killer cannot go on", e);
        }
    }

    /** Kills a part and waits until it is back. */
    private void kill(String part) throws IOException, InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid(part)).orElseThrow();
        long began = System.nanoTime();
        process.destroyForcibly();
        while (System.nanoTime() - began < BACK_WITHIN.toNanos()) {
            Thread.sleep(50);
            if (pid(part) != process.pid() && answers(part)) {
                figures.partWasBack(part, Duration.ofNanos(System.nanoTime() - began));
                return;
            }
        }
        figures.partWasBack(part, BACK_WITHIN);
    }

    private boolean answers(String part) throws IOException {
        return switch (part) {
            case "kafka" -> accepts(read("kafka"));
            // It takes connections before it has recovered; a service that is well says that it has.
            case "postgres" -> accepts(read("database")) && isWell("session-service");
            default -> isWell(part);
        };
    }

    private static boolean accepts(String address) {
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1).replaceFirst("/.*", ""));
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private boolean isWell(String service) throws IOException {
        int port = Integer.parseInt(read("service." + service + ".port"));
        try {
            var connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/health").toURL().openConnection();
            connection.setConnectTimeout(1_000);
            connection.setReadTimeout(2_000);
            return connection.getResponseCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    private long pid(String part) throws IOException {
        boolean server = part.equals("kafka") || part.equals("postgres");
        return Long.parseLong(read((server ? part : "service." + part) + ".pid"));
    }

    private String read(String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(state)) {
            properties.load(in);
        }
        return properties.getProperty(name, "0");
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join(BACK_WITHIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
