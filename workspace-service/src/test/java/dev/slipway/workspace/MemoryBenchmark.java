package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.kit.testing.EmbeddedServers;
import dev.slipway.workspace.testing.Replica;
import dev.slipway.workspace.testing.Shell;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Memory on a repository of a gigabyte; {@code bench/git/memory.sh} runs it. Not among the tests: it takes minutes. */
@NullMarked
class MemoryBenchmark {
    private static final String HEAP = System.getProperty("bench.heap", "96m");
    private static final int MEGABYTES = Integer.getInteger("bench.megabytes", 1024);
    private static final int PUSHED = 100;
    private static final String SESSION = "s-memory";

    private final Map<String, Long> gits = new ConcurrentSkipListMap<>();

    @Test
    void aSmallHeapIsEnough() throws Exception {
        Path playground = Files.createTempDirectory("slipway-memory").toRealPath();
        Shell origin = Shell.repository(playground.resolve("origin"));
        // Noise has no likeness to look for; the origin's time is not what is measured.
        origin.git("config", "core.bigFileThreshold", "1m");
        for (int part = 0; part < 8; part++) {
            noise(origin, "part" + part, MEGABYTES / 8, part);
            origin.commit("part " + part);
        }
        Map<String, String> settings = EmbeddedServers.properties();
        settings.put("slipway.workspaces.repo-allowlist", playground.toString());
        Replica replica = Replica.start(settings, freePort(), playground.resolve("log"), HEAP);
        Thread watch = Thread.ofVirtual().start(() -> watch(replica));
        try {
            use(replica, playground, origin, String.valueOf(settings.get("datasources.default.url")));
        } finally {
            watch.interrupt();
            replica.kill();
        }
        gits.forEach((name, kilobytes) ->
                System.out.println("BENCH git " + name + " allocated at most " + kilobytes / 1024 + " MB"));
    }

    /** What git takes beside the service: a look every 20 ms, so a process that is gone by then is small as well. */
    private void watch(Replica replica) {
        try {
            while (true) {
                replica.gitMemory().forEach((name, kilobytes) -> gits.merge(name, kilobytes, Math::max));
                Thread.sleep(20);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void use(Replica replica, Path playground, Shell origin, String database) throws Exception {
        System.out.println(
                "BENCH " + MEGABYTES + " MB repository, heap " + HEAP + "; after start: " + replica.memory());
        long start = System.nanoTime();
        String id = replica.call("POST", "/workspaces", "{\"path\":\"file://" + origin.folder() + "\"}")
                .replaceFirst("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        while (!replica.call("GET", "/workspaces/" + id, null).contains("\"status\":\"ready\"")) {
            Thread.sleep(500);
        }
        say("workspace cloned", start, replica);
        begin(database, id);
        while (replica.call("GET", "/sessions/" + SESSION + "/diff?format=files", null)
                .contains("\"status\":")) {
            Thread.sleep(200);
        }
        start = System.nanoTime();
        Shell outside = new Shell(playground);
        outside.git(
                "-c",
                replica.header(SESSION),
                "clone",
                "-q",
                "--branch",
                "slipway/" + SESSION,
                replica.git(SESSION),
                "clone");
        say("sandbox cloned", start, replica);
        Shell sandbox = new Shell(playground.resolve("clone"));
        noise(sandbox, "pushed", PUSHED, 99);
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < 2_000_000; line++) {
            lines.append("line ").append(line).append('\n');
        }
        sandbox.write("lines.txt", lines.toString());
        sandbox.commit("feat: large");
        start = System.nanoTime();
        sandbox.git("-c", replica.header(SESSION), "push", "-q", "origin", "HEAD:refs/heads/slipway/" + SESSION);
        say("sandbox pushed " + PUSHED + " MB", start, replica);
        start = System.nanoTime();
        int patch = replica.call("GET", "/sessions/" + SESSION + "/diff?format=patch", null)
                .length();
        say("difference read, " + patch / (1 << 20) + " MB of patch", start, replica);
        start = System.nanoTime();
        String applied = replica.call("POST", "/sessions/" + SESSION + "/apply", "{}");
        say("applied", start, replica);
        start = System.nanoTime();
        replica.call("GET", "/workspaces/" + id + "/git/status", null);
        String log = replica.call("GET", "/workspaces/" + id + "/git/log", null);
        say("status and log", start, replica);
        assertThat(applied).contains("\"ok\":true");
        assertThat(log).contains("part 7");
        assertThat(patch).isGreaterThan(20 << 20);
    }

    private static void say(String what, long start, Replica replica) throws IOException {
        System.out.println(
                "BENCH " + what + ": " + (System.nanoTime() - start) / 1_000_000 + " ms; " + replica.memory());
    }

    /** What session-service's event would do: a session's branch is wanted. */
    private static void begin(String database, String workspace) throws SQLException {
        try (Connection connection = EmbeddedServers.connect(database);
                Statement insert = connection.createStatement()) {
            insert.execute(
                    "INSERT INTO workspace.checkout (session_id, project_id, workspace_id, user_id, status) VALUES ('"
                            + SESSION + "', 'p', '" + workspace + "', 'u1', 'preparing')");
            insert.execute("INSERT INTO workspace.job (kind, key, payload, run_at) VALUES ('checkout.prepare', '"
                    + SESSION + "', '{}', now())");
        }
    }

    private static void noise(Shell shell, String name, int megabytes, int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] block = new byte[1 << 20];
        for (int file = 0; file < Math.max(1, megabytes / 4); file++) {
            Path path = shell.folder().resolve(name + "/" + file + ".bin");
            Files.createDirectories(shell.folder().resolve(name));
            try (OutputStream out = Files.newOutputStream(path)) {
                for (int part = 0; part < 4; part++) {
                    random.nextBytes(block);
                    out.write(block);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
