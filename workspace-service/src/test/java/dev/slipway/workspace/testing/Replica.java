package dev.slipway.workspace.testing;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One more replica of the service, as a process of its own that can be killed. */
public final class Replica {
    private final Map<String, String> properties;
    private final int port;
    private final Path log;
    private Process process;

    private final String heap;

    private Replica(Map<String, String> properties, int port, Path log, String heap) {
        this.heap = heap;
        this.properties = properties;
        this.port = port;
        this.log = log;
        this.process = begin();
    }

    /** Starts one with these settings and waits until it serves. */
    public static Replica start(Map<String, String> properties, int port, Path log) {
        return start(properties, port, log, "256m");
    }

    /** As {@link #start(Map, int, Path)}, with a heap of this size. */
    public static Replica start(Map<String, String> properties, int port, Path log, String heap) {
        Replica replica = new Replica(properties, port, log, heap);
        replica.awaitHealth();
        return replica;
    }

    /** What it answers to the user of the tests. */
    public String call(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url() + "/internal/projects/" + ServiceTest.PROJECT + path))
                .timeout(Duration.ofMinutes(10))
                .header("Content-Type", "application/json")
                .header(IdentityTokens.HEADER, token(ServiceTest.user(ServiceTest.PROJECT)))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where a session's repository is. */
    public String git(String session) {
        return url() + "/internal/git/" + session + ".git";
    }

    /** The setting by which git presents a session's token. */
    public String header(String session) {
        return "http.extraHeader=" + IdentityTokens.HEADER + ": " + token(ServiceTest.sandbox(session));
    }

    private String token(Caller caller) {
        return Tokens.sign(caller, String.valueOf(properties.get("slipway.internal.key")));
    }

    /** The process's memory, now and at its peak, as the kernel counts it. */
    public String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM") || line.startsWith("VmRSS"))
                .map(line -> line.replaceAll("\\s+", " "))
                .collect(Collectors.joining(", "));
    }

    /** The git processes that it runs right now, with what each has allocated, in kilobytes. */
    public Map<String, Long> gitMemory() {
        Map<String, Long> memory = new java.util.TreeMap<>();
        process.descendants().forEach(child -> {
            try {
                List<String> words = List.of(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline"))
                        .split("\0"));
                if (!words.getFirst().endsWith("git") || words.size() < 2) {
                    return;
                }
                String name = words.get(1);
                Files.readAllLines(Path.of("/proc/" + child.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("RssAnon"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .forEach(kilobytes -> memory.merge(name, kilobytes, Math::max));
            } catch (IOException _) {
                // It has ended meanwhile.
                return;
            }
        });
        return memory;
    }

    /** Where it serves. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Whether somebody listens there: cheap to ask, again and again. */
    public boolean isUp() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    /** {@code kill -9}: it gets no chance to put anything in order. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again. */
    public void restart() {
        process = begin();
        awaitHealth();
    }

    private Process begin() {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heap,
                "-Djdk.virtualThreadScheduler.parallelism=64"));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-Dmicronaut.server.port=" + port,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.slipway.workspace.Application"));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitHealth() {
        long until = System.nanoTime() + Duration.ofSeconds(240).toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest health = HttpRequest.newBuilder(URI.create(url() + "/health"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            while (true) {
                try {
                    if (http.send(health, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException e) {
                    if (System.nanoTime() > until || !process.isAlive()) {
                        throw new UncheckedIOException("replica does not start, see " + log, e);
                    }
                }
                Thread.sleep(200);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
