package dev.slipway.container.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Container;
import dev.slipway.container.testing.EngineUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every engine must do. A subclass says how to reach one. */
public abstract class SandboxRuntimeContract {
    private static final List<String> SLEEP =
            List.of("/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done");

    protected final String home = "test-" + UUID.randomUUID();
    protected final String session = "s-" + UUID.randomUUID();
    protected SandboxRuntime runtime;

    @TempDir
    Path host;

    /** The engine, past the runtime. */
    protected abstract EngineUnderTest engine();

    /** A runtime on the engine, for that home. */
    protected abstract SandboxRuntime connect(String home);

    /** Lines of {@link #fromInsideThereIsNoWayOut} that this engine is known to leave open, and its documentation tells of. */
    protected List<String> knownGaps() {
        return List.of();
    }

    /** Whether the engine says that memory ran out, and not only that a process was killed. */
    protected boolean tellsOfMemory() {
        return true;
    }

    /** Whether the engine can change what a running container may use. */
    protected boolean changesBounds() {
        return true;
    }

    @BeforeEach
    void begin() throws IOException {
        runtime = connect(home);
        for (String directory : List.of("egress", "agent", "ca")) {
            Files.createDirectory(host.resolve(directory));
        }
    }

    @AfterEach
    void clean() throws Exception {
        engine().clean(home);
        assertThat(runtime).isInstanceOf(AutoCloseable.class);
        ((AutoCloseable) runtime).close();
    }

    protected SandboxRequest request(long generation, List<String> command) {
        return new SandboxRequest(
                session,
                "p1",
                generation,
                runtime.image(engine().image()).orElseThrow().id(),
                new SandboxBounds(0.5, 128L * 1024 * 1024, 64, 1024, 16L * 1024 * 1024),
                Map.of("COLOUR", "blue"),
                new SandboxRequest.Mounts(host.resolve("egress"), host.resolve("agent"), host.resolve("ca")),
                command);
    }

    @Test
    void ensuringTwiceGivesTheSameRunningSandbox() {
        Sandbox first = runtime.ensure(request(1, SLEEP));
        Sandbox second = runtime.ensure(request(1, SLEEP));

        assertThat(first.isRunning()).isTrue();
        assertThat(second.containerId()).isEqualTo(first.containerId());
        assertThat(runtime.list()).extracting(Sandbox::sessionId).containsExactly(session);
    }

    @Test
    void manyWhoEnsureAtOnceGetOneSandbox() throws Exception {
        List<String> ids = new CopyOnWriteArrayList<>();
        List<Thread> callers = java.util.stream.IntStream.range(0, 6)
                .mapToObj(n -> Thread.ofVirtual()
                        .start(() -> ids.add(runtime.ensure(request(1, SLEEP)).containerId())))
                .toList();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(ids).hasSize(6);
        assertThat(ids.stream().distinct()).hasSize(1);
        assertThat(engine().containers(home)).hasSize(1);
    }

    @Test
    void aHigherGenerationReplacesTheSandboxAndKeepsItsVolume() {
        List<String> writes = List.of("/bin/sh", "-c", "echo kept > /data/note; echo written; sleep 600");
        Sandbox first = runtime.ensure(request(1, writes));
        List<String> reads = List.of("/bin/sh", "-c", "cat /data/note");
        await().untilAsserted(() ->
                assertThat(runtime.logTail(first.containerId(), 5)).contains("written"));

        Sandbox second = runtime.ensure(request(2, reads));

        assertThat(second.containerId()).isNotEqualTo(first.containerId());
        assertThat(engine().containers(home)).hasSize(1);
        await().untilAsserted(() ->
                assertThat(runtime.logTail(second.containerId(), 5)).isEqualTo("kept"));
    }

    @Test
    void aLowerGenerationIsFencedOffAndChangesNothing() {
        Sandbox newer = runtime.ensure(request(5, SLEEP));

        assertThatThrownBy(() -> runtime.ensure(request(4, SLEEP))).isInstanceOf(SandboxFailure.Fenced.class);
        runtime.stop(session, 4, Duration.ZERO);
        runtime.remove(session, 4);

        assertThat(runtime.inspect(session)).contains(newer);
    }

    @Test
    void anExitedSandboxSaysItsCodeAndIsNotStartedAgain() {
        Sandbox made = runtime.ensure(request(1, List.of("/bin/sh", "-c", "echo last words; exit 7")));
        await().until(() -> !runtime.inspect(session).orElseThrow().isRunning());

        Sandbox again = runtime.ensure(request(1, List.of("/bin/sh", "-c", "exit 7")));

        assertThat(again.containerId()).isEqualTo(made.containerId());
        assertThat(again.state()).isEqualTo(new Sandbox.State.Exited(7, false));
        assertThat(runtime.logTail(made.containerId(), 5)).isEqualTo("last words");
    }

    @Test
    void aSandboxThatTakesTooMuchMemoryEndsAndSaysSo() {
        runtime.ensure(request(1, List.of("/usr/bin/perl", "-e", "my $s = 'x' x (1 << 30); sleep 60")));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> !runtime.inspect(session).orElseThrow().isRunning());

        assertThat(runtime.inspect(session).orElseThrow().state())
                .isInstanceOfSatisfying(
                        Sandbox.State.Exited.class,
                        exited -> assertThat(exited.outOfMemory() || (!tellsOfMemory() && exited.exitCode() == 137))
                                .as("%s", exited)
                                .isTrue());
    }

    @Test
    void oneThatWasShortOfMemoryOnceAndIsKilledLaterDoesNotBlameMemory() {
        Sandbox made = runtime.ensure(request(
                1,
                List.of(
                        "/bin/sh",
                        "-c",
                        "/usr/bin/perl -e 'my $s = \"x\" x (1 << 30)'; echo went on; while :; do sleep 0.1; done")));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> runtime.logTail(made.containerId(), 5).contains("went on"));

        engine().docker().killContainerCmd(made.containerId()).exec();

        await().until(() -> !runtime.inspect(session).orElseThrow().isRunning());
        assertThat(runtime.inspect(session).orElseThrow().state()).isEqualTo(new Sandbox.State.Exited(137, false));
    }

    @Test
    void whatASandboxUsesIsKnown() {
        Sandbox sandbox =
                runtime.ensure(request(1, List.of("/usr/bin/perl", "-e", "my $s = 'x' x (1 << 25); 1 while 1")));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(runtime.usage(sandbox.containerId()))
                        .satisfies(usage -> assertThat(usage.memoryBytes()).isGreaterThan(1L << 25))
                        .satisfies(usage -> assertThat(usage.cpuSeconds()).isPositive()));
        assertThatThrownBy(() -> runtime.usage("0".repeat(64))).isInstanceOf(SandboxFailure.NotFound.class);
    }

    @Test
    void theBoundsOfARunningSandboxMayBeChanged() throws IOException {
        assumeTrue(changesBounds(), "this release of the engine has no call that changes a running container's bounds");
        Sandbox sandbox = runtime.ensure(request(
                1,
                List.of(
                        "/usr/bin/perl",
                        "-e",
                        "$| = 1; print \"waits\\n\"; select(undef, undef, undef, 0.1) until -e '/run/slipway/agent/go';"
                                + " my $n = 0; while (1) { my $p = fork; if (!defined $p) { print \"stopped at $n\\n\"; exit 0 }"
                                + " if (!$p) { sleep 60; exit } $n++ }")));

        runtime.bound(sandbox.containerId(), new SandboxBounds(0.25, 96L * 1024 * 1024, 20, 1024, 16L * 1024 * 1024));
        Files.createFile(host.resolve("agent/go"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> !runtime.inspect(session).orElseThrow().isRunning());
        String said = runtime.logTail(sandbox.containerId(), 1);
        assertThat(said).startsWith("stopped at ");
        assertThat(Integer.parseInt(said.replace("stopped at ", ""))).isLessThan(20);
        assertThatThrownBy(() -> runtime.bound(
                        "0".repeat(64), new SandboxBounds(1, 96L * 1024 * 1024, 20, 1024, 16L * 1024 * 1024)))
                .isInstanceOf(SandboxFailure.NotFound.class);
    }

    @Test
    void stoppingIsPoliteAndMayBeRepeated() {
        runtime.ensure(request(1, SLEEP));

        runtime.stop(session, 1, Duration.ofSeconds(5));
        runtime.stop(session, 1, Duration.ofSeconds(5));

        assertThat(runtime.inspect(session).orElseThrow().state()).isEqualTo(new Sandbox.State.Exited(0, false));
    }

    @Test
    void removingLeavesNothingAndMayBeRepeated() {
        runtime.ensure(request(1, SLEEP));
        assertThat(runtime.volumes()).containsExactly(session);

        runtime.remove(session, 1);
        runtime.remove(session, 1);

        assertThat(runtime.inspect(session)).isEmpty();
        assertThat(engine().containers(home)).isEmpty();
        assertThat(engine().volumes(home)).isEmpty();
    }

    @Test
    void whatIsOfAnotherSlipwayIsNotSeen() {
        runtime.ensure(request(1, SLEEP));

        SandboxRuntime other = connect("other-" + home);

        assertThat(other.list()).isEmpty();
        assertThat(other.volumes()).isEmpty();
        assertThatThrownBy(() -> other.remove(session, 9)).isInstanceOf(SandboxFailure.Conflict.class);
        assertThat(runtime.inspect(session))
                .hasValueSatisfying(mine -> assertThat(mine.isRunning()).isTrue());
    }

    @Test
    void aFileOfAnImageIsReadWithoutRunningIt() {
        SandboxImage image = runtime.image(engine().image()).orElseThrow();

        assertThat(runtime.readFile(image, "/etc/slipway/registries.json"))
                .hasValueSatisfying(bytes -> assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
                        .contains("npm.example.org"));
        assertThat(runtime.readFile(image, "/no/such/file")).isEmpty();
        assertThat(engine().containers(home)).isEmpty();
    }

    @Test
    void whatACrashLeftOfAReadingIsRemovedOnceItIsOld() {
        Sandbox sandbox = runtime.ensure(request(1, SLEEP));
        // As after a kill in the middle of reading a file of an image.
        engine().docker()
                .createContainerCmd(engine().image())
                .withNetworkDisabled(true)
                .withEntrypoint("/never-started")
                .withLabels(Map.of("dev.slipway.home", home))
                .exec();

        connect("other-" + home).removeStrays(Instant.now().plusSeconds(60));
        runtime.removeStrays(Instant.now().minusSeconds(60));
        assertThat(engine().containers(home)).hasSize(2);
        runtime.removeStrays(Instant.now().plusSeconds(60));

        assertThat(engine().containers(home)).extracting(Container::getId).containsExactly(sandbox.containerId());
    }

    @Test
    void anImageThatIsNotThereIsNotFoundAndNotAnError() {
        assertThat(runtime.image("slipway/no-such-image:1")).isEmpty();
    }

    @Test
    void theEndOfASandboxIsHintedAt() throws Exception {
        List<String> hints = new CopyOnWriteArrayList<>();
        var generation = new AtomicLong();
        try (AutoCloseable _ = runtime.watch(hints::add)) {
            // When the watch begins is the engine's to say: one that ended before it is not hinted at.
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> {
                        runtime.ensure(request(generation.incrementAndGet(), List.of("/bin/true")));
                        return hints.contains(session);
                    });
        }
    }

    /** Each line of output is a way out that was open; there must be none. */
    @Test
    void fromInsideThereIsNoWayOut() {
        String tries = """
                [ "$(id -u)" = 1000 ] || echo "runs as $(id -u)"
                [ "$(ls /sys/class/net)" = lo ] || echo "has a network: $(ls /sys/class/net)"
                grep -q '^CapEff:.0000000000000000$' /proc/self/status || echo has capabilities
                grep -q '^CapBnd:.0000000000000000$' /proc/self/status || echo could have capabilities
                grep -q '^NoNewPrivs:.1$' /proc/self/status || echo may gain privileges
                grep -q '^Seccomp:.2$' /proc/self/status || echo has no seccomp filter
                (echo x > /etc/x) 2>/dev/null && echo writes /etc
                (echo x > /usr/bin/x) 2>/dev/null && echo writes /usr
                (echo x > /run/slipway/egress/x) 2>/dev/null && echo writes the egress folder
                (echo x > /run/slipway/ca/x) 2>/dev/null && echo writes the certificates
                mount -t tmpfs none /mnt 2>/dev/null && echo mounts
                unshare -r true 2>/dev/null && echo makes user namespaces
                chroot / true 2>/dev/null && echo changes root
                for s in /var/run/docker.sock /run/docker.sock /run/podman/podman.sock; do [ -e $s ] && echo has $s; done
                (exec 3<>/dev/tcp/169.254.169.254/80) 2>/dev/null && echo reaches the metadata service
                perl -MSocket -e 'exit !socket(S, AF_INET, SOCK_RAW, 1)' 2>/dev/null && echo opens raw sockets
                perl -e 'exit !defined(kill 0, 1)' ; ls /proc | grep -c '^[0-9]' | { read n; [ "$n" -lt 30 ] || echo sees $n processes; }
                mknod /tmp/disk b 8 0 2>/dev/null && echo makes devices
                cat /proc/kcore >/dev/null 2>&1 && echo reads the kernel
                (echo 1 > /proc/sys/kernel/panic) 2>/dev/null && echo sets kernel parameters
                (echo b > /proc/sysrq-trigger) 2>/dev/null && echo has sysrq
                dmesg >/dev/null 2>&1 && echo reads the kernel log
                hostname x 2>/dev/null && echo sets the host name
                ulimit -n 1000000 2>/dev/null && echo raises its handles
                dd if=/dev/zero of=/tmp/full bs=1M count=64 2>/dev/null && echo fills memory by /tmp
                true
                """;
        Sandbox sandbox = runtime.ensure(request(1, List.of("/bin/bash", "-c", tries + "echo done")));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !runtime.inspect(session).orElseThrow().isRunning());

        assertThat(runtime.logTail(sandbox.containerId(), 50).lines().map(String::strip))
                .filteredOn(line -> !knownGaps().contains(line))
                .containsExactly("done");
    }

    @Test
    void aForkBombIsBounded() {
        Sandbox sandbox = runtime.ensure(
                request(
                        1,
                        List.of(
                                "/usr/bin/perl",
                                "-e",
                                "my $n = 0; while (1) { my $p = fork; if (!defined $p) { print \"stopped at $n\\n\"; exit 0 } if (!$p) { sleep 60; exit } $n++ }")));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> !runtime.inspect(session).orElseThrow().isRunning());

        String said = runtime.logTail(sandbox.containerId(), 5);
        assertThat(said).startsWith("stopped at ");
        assertThat(Integer.parseInt(said.replace("stopped at ", ""))).isLessThan(64);
    }
}
