package dev.slipway.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.kit.testing.FreePorts;
import dev.slipway.workspace.testing.Replica;
import dev.slipway.workspace.testing.ServiceTest;
import dev.slipway.workspace.testing.Shell;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Twenty sessions push and apply to one workspace at once; the process that serves them is killed in the middle. */
@NullMarked
@MicronautTest(transactional = false)
class KillTest extends ServiceTest {
    private static final int SESSIONS = 20;
    private static final int ROUNDS = 2;
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final Map<String, String> settings = new HashMap<>();
    private final AtomicInteger pushes = new AtomicInteger();
    private final AtomicInteger applies = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Map<String, Shell> sandboxes = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = super.getProperties();
        settings.putAll(properties);
        return properties;
    }

    @Test
    void nothingIsLostWhenTheServiceIsKilledInTheMiddle() throws Exception {
        Shell user = Shell.repository(playground.resolve("killed"));
        Shell origin = Shell.repository(playground.resolve("half"));
        String workspace = workspace(user.folder().toString());
        List<String> sessions = new ArrayList<>();
        for (int index = 0; index < SESSIONS; index++) {
            String id = "kill-" + index;
            request(id, workspace, null);
            sessions.add(id);
        }
        for (String session : sessions) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> call("GET", "/sessions/" + session + "/diff?format=files", null)
                                    .status()
                            == 200);
            Shell sandbox = sandboxClone(session);
            // Its token does not live as long as this test.
            sandbox.git("config", "--unset", "http.extraHeader");
            sandboxes.put(session, sandbox);
        }
        Replica replica = Replica.start(settings, FreePorts.any(), folder().resolve("replica.log"));

        String late;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (String session : sessions) {
                all.add(threads.submit(() -> {
                    work(replica, session);
                    return session;
                }));
            }
            await().atMost(LONGEST).until(() -> applies.get() >= SESSIONS / 3);
            late = callAt(replica.url(), "POST", "/workspaces", Map.of("path", "file://" + origin.folder()))
                    .text("id");
            replica.kill();
            replica.restart();
            for (Future<?> each : all) {
                each.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            }
            await().atMost(LONGEST).until(() -> status(late).equals("ready"));
        } finally {
            replica.kill();
        }

        assertThat(pushes.get()).isEqualTo(SESSIONS * ROUNDS);
        assertThat(applies.get()).isEqualTo(SESSIONS * ROUNDS);
        assertThat(failures.get()).as("it was killed in the middle").isPositive();
        Shell cache = cache();
        assertThat(cache.git("fsck", "--full", "--strict")).doesNotContain("missing", "broken", "error");
        assertThat(user.git("fsck", "--full", "--strict")).doesNotContain("missing", "broken", "error");
        assertThat(user.git("status", "--porcelain")).isEmpty();
        List<String> files = user.git("ls-files").lines().toList();
        for (String session : sessions) {
            String head = cache.git("rev-parse", "refs/namespaces/" + session + "/refs/heads/slipway/" + session);
            assertThat(head).isEqualTo(cloneOf(session).head());
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(files).contains(session + "-" + round + ".txt");
            }
        }
        assertThat(files).hasSize(1 + SESSIONS * ROUNDS);
        Shell clone = new Shell(Path.of(call("GET", "/workspaces/" + late, null).text("workDir")));
        assertThat(clone.head()).isEqualTo(origin.head());
        assertThat(clone.git("fsck", "--full")).doesNotContain("missing", "broken", "error");
    }

    private void work(Replica replica, String session) throws InterruptedException {
        Shell sandbox = cloneOf(session);
        for (int round = 0; round < ROUNDS; round++) {
            sandbox.write(session + "-" + round + ".txt", "round " + round + "\n");
            sandbox.commit("feat: round " + round);
            retry(replica, () -> push(replica, sandbox, session));
            pushes.incrementAndGet();
            retry(
                    replica,
                    () -> callAt(replica.url(), "POST", "/sessions/" + session + "/apply", Map.of())
                                    .status()
                            == 200);
            applies.incrementAndGet();
        }
    }

    private Shell cloneOf(String session) {
        return java.util.Objects.requireNonNull(sandboxes.get(session));
    }

    private boolean push(Replica replica, Shell sandbox, String session) {
        return sandbox.attempt(
                                "-c",
                                header(session),
                                "push",
                                "-q",
                                replica.url() + "/internal/git/" + session + ".git",
                                "HEAD:refs/heads/slipway/" + session)
                        .exit()
                == 0;
    }

    private interface Attempt {
        boolean succeeds();
    }

    private void retry(Replica replica, Attempt attempt) throws InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                if (replica.isUp() && attempt.succeeds()) {
                    return;
                }
            } catch (RuntimeException e) {
                if (System.nanoTime() > until) {
                    throw e;
                }
            }
            failures.incrementAndGet();
            if (System.nanoTime() > until) {
                throw new AssertionError("no success within " + LONGEST);
            }
            Thread.sleep(1_000);
        }
    }

    private Shell cache() throws IOException {
        Path caches = Path.of(
                server.getApplicationContext().getRequiredProperty("slipway.home", String.class), "git", PROJECT);
        try (var folders = Files.list(caches)) {
            return folders.map(Shell::new)
                    .filter(shell -> shell.attempt("for-each-ref", "refs/namespaces/kill-0")
                            .text()
                            .contains("kill-0"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
