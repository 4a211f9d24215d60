package dev.slipway.container.warm;

import static dev.slipway.container.testing.ServiceUnderTest.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.host.SessionDisks;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.testing.EgressStandIn;
import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.container.testing.TestEngine;
import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxLimits;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sandboxes made ahead, on a real engine, database and broker. */
@NullMarked
@Tag("engine")
class WarmPoolTest {
    private static final long MEBIBYTE = 1024L * 1024;
    private static final Map<String, Object> ONE =
            Map.of("slipway.warm-pool.size", 1, "slipway.warm-pool.max", 1, "slipway.warm-pool.look-every", "400ms");

    private final String one = "one-" + UUID.randomUUID();
    private final String other = "other-" + UUID.randomUUID();

    @SuppressWarnings("NullAway.Init") // each test begins with its own settings
    private ServiceUnderTest service;

    @AfterEach
    void end() throws Exception {
        service.close();
    }

    @Test
    void aSessionTakesItWithoutAWayOutUntilThenAndKeepsItForGood() throws Exception {
        service = new ServiceUnderTest(ONE);
        String first = awaitReady();
        assertThat(service.egress.registered).isEmpty();
        assertThat(TestEngine.exec(first, "ls", "/run/slipway/egress", "/run/slipway/ca"))
                .doesNotContain("egress.sock", "ca.pem");

        service.want(one, 1, Desired.RUNNING, Map.of(), new SandboxLimits(0.5, null, null, 100, null, null));

        awaitTold(one, "\"sandboxId\":\"" + first + "\"");
        assertThat(TestEngine.exec(first, "ls", "/run/slipway/egress", "/run/slipway/ca", "/data"))
                .contains("egress.sock", "ca.pem", "bundle.pem", "session.json");
        HostConfig bounds =
                TestEngine.docker().inspectContainerCmd(first).exec().getHostConfig();
        assertThat(bounds.getNanoCPUs()).isEqualTo(500_000_000L);
        assertThat(bounds.getPidsLimit()).isEqualTo(100L);
        assertThat(bounds.getMemory()).isEqualTo(256 * MEBIBYTE);

        // The next one is another, and the next session gets that.
        String second = awaitReady();
        assertThat(second).isNotEqualTo(first);
        service.want(other, 1, Desired.RUNNING, Map.of());
        awaitTold(other, "\"sandboxId\":\"" + second + "\"");

        // Stopped and resumed, it has the same files and no longer the same container.
        TestEngine.exec(first, "sh", "-c", "echo kept > /data/note");
        service.want(one, 2, Desired.STOPPED, Map.of());
        awaitTold(one, "\"reason\":\"wanted\"");
        service.want(one, 3, Desired.RUNNING, Map.of());
        awaitTold(one, "\"generation\":3,\"sandboxId\"");
        assertThat(TestEngine.exec(containerOf(one), "cat", "/data/note")).isEqualTo("kept\n");

        for (String session : List.of(one, other)) {
            service.want(session, 9, Desired.REMOVED, Map.of());
            awaitTold(session, "sandbox.removed.v1");
            assertThat(service.runDir().resolve(new SandboxName(session).hash()))
                    .doesNotExist();
        }
        assertThat(service.query("SELECT id FROM warm_sandbox WHERE state = 'claimed'"))
                .isEmpty();
        String third = awaitReady();
        assertThat(TestEngine.containers(service.home()))
                .extracting(Container::getId)
                .containsExactly(third);
        assertThat(TestEngine.volumes(service.home())).hasSize(1);
    }

    @Test
    void oneMadeBeforeTheAuthorityWasReplacedTrustsTheNewOneWhenItIsTaken() throws Exception {
        service = new ServiceUnderTest(ONE);
        String first = awaitReady();
        service.egress.trusted = EgressStandIn.CA.replace("c3RhbmQ", "bmV3LWM");

        service.want(one, 1, Desired.RUNNING, Map.of());

        awaitTold(one, "\"sandboxId\":\"" + first + "\"");
        assertThat(TestEngine.exec(first, "cat", "/run/slipway/ca/ca.pem")).isEqualTo(service.egress.trusted);
        assertThat(TestEngine.exec(first, "cat", "/run/slipway/ca/bundle.pem")).endsWith(service.egress.trusted);
        assertThat(TestEngine.exec(first, "ls", "/run/slipway/ca")).contains("cacerts", "truststore.p12");
    }

    @Test
    void oneThatEndedIsReplacedAndSoIsOneWhoseImageIsOld() throws Exception {
        String name = "slipway-test/warm-moving:" + ProcessHandle.current().pid();
        tag(TestEngine.image(), name);
        Map<String, Object> settings = new HashMap<>(ONE);
        settings.put("slipway.sandboxes.image", name);
        service = new ServiceUnderTest(settings);
        try {
            String first = awaitReady();

            TestEngine.docker().killContainerCmd(first).exec();

            // Until the pool looks, the one that ended still counts as ready.
            awaitReady("container_id <> '" + first + "'");

            String newer = newerImage(name);

            String third = awaitReady("mold LIKE '" + newer + "%'");
            assertThat(TestEngine.containers(service.home()))
                    .extracting(Container::getId)
                    .containsExactly(third);
            assertThat(TestEngine.volumes(service.home())).hasSize(1);
        } finally {
            // First, or its pool would make another.
            service.stop();
            TestEngine.clean(service.home());
            TestEngine.docker().removeImageCmd(name).withForce(true).exec();
        }
    }

    @Test
    void whatACrashLeavesInTheMiddleOfATakingIsFinished() throws Exception {
        service = new ServiceUnderTest(ONE);
        String first = awaitReady();

        // As after a kill between the taking and the naming of the directories: nobody works on it.
        claimed(one);

        awaitTold(one, "\"sandboxId\":\"" + first + "\"");

        // As after a kill behind the naming.
        String second = awaitReady();
        String id = claimed(other);
        try {
            service.bean(SessionDirectories.class).give(new SandboxName(id), new SandboxName(other));
        } catch (NoSuchFileException _) {
            // The service was quicker and has named them.
        }
        awaitTold(other, "\"sandboxId\":\"" + second + "\"");
    }

    @Test
    void oneThatEndsWhileItIsTakenIsRemovedAndTheSessionGetsItsOwn() {
        service = start(ONE);
        String first = awaitReady();

        // What is there is not what was made: the same as if it had ended.
        String id = claimed(one, "'another'");

        awaitTold(one, "sandbox.ready.v1");
        assertThat(containerOf(one)).isNotEqualTo(first);
        assertThatThrownBy(() -> TestEngine.docker().inspectContainerCmd(first).exec())
                .hasMessageContaining("No such container");
        assertThat(service.query("SELECT 1 FROM warm_sandbox WHERE id = '" + id + "'"))
                .isEmpty();
        assertThat(service.query("SELECT 1 FROM warm_sandbox WHERE session_id IS NOT NULL"))
                .isEmpty();
    }

    @Test
    void aSessionThatNeedsWhatItCannotHaveWaitsForItsOwnAndOneBeyondItsProjectsLimitTakesNone() {
        service = start(ONE);
        String ready = awaitReady();

        service.want(one, 1, Desired.RUNNING, Map.of("COLOUR", "blue"));
        awaitTold(one, "sandbox.ready.v1");
        assertThat(containerOf(one)).isNotEqualTo(ready);
        service.want(one, 2, Desired.REMOVED, Map.of());
        awaitTold(one, "sandbox.removed.v1");
        if (service.bean(SessionDisks.class).isAble()) {
            service.want(
                    other,
                    1,
                    Desired.RUNNING,
                    Map.of(),
                    new SandboxLimits(null, null, 64 * MEBIBYTE, null, null, null));
            awaitTold(other, "sandbox.ready.v1");
            assertThat(containerOf(other)).isNotEqualTo(ready);
            service.want(other, 2, Desired.REMOVED, Map.of());
            awaitTold(other, "sandbox.removed.v1");
        }

        service.limit(new ProjectLimits(null, 200 * MEBIBYTE, null, null, null, null, null, null));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !service.query("SELECT 1 FROM project_limits").isEmpty());
        String third = "third-" + UUID.randomUUID();
        service.want(third, 1, Desired.RUNNING, Map.of());
        awaitTold(third, "limit of memory is reached");
        assertThat(awaitReady()).isEqualTo(ready);
    }

    @Test
    void noneIsMadeBeforeSomebodyAsksAndNoneIsKeptWhenNobodyAsksAnyMore() throws Exception {
        service = new ServiceUnderTest(Map.of(
                "slipway.warm-pool.size",
                0,
                "slipway.warm-pool.max",
                1,
                "slipway.warm-pool.keep",
                "30s",
                "slipway.warm-pool.look-every",
                "400ms"));
        assertThat(service.query("SELECT id FROM warm_sandbox")).isEmpty();

        service.want(one, 1, Desired.RUNNING, Map.of());
        awaitTold(one, "sandbox.ready.v1");

        String warm = awaitReady();
        assertThat(warm).isNotEqualTo(containerOf(one));
        await().atMost(Duration.ofSeconds(120))
                .untilAsserted(() -> assertThat(TestEngine.containers(service.home()))
                        .extracting(Container::getId)
                        .containsExactly(containerOf(one)));
        assertThat(service.query("SELECT id FROM warm_sandbox")).isEmpty();
    }

    @Test
    void anImageThatCannotRunIsNotMadeAhead() throws Exception {
        String name = "slipway-test/warm-broken:" + ProcessHandle.current().pid();
        brokenImage(name);
        service = new ServiceUnderTest(Map.of(
                "slipway.sandboxes.image",
                name,
                "slipway.warm-pool.size",
                0,
                "slipway.warm-pool.max",
                1,
                "slipway.warm-pool.look-every",
                "400ms"));
        try {
            service.want(one, 1, Desired.RUNNING, Map.of());

            awaitTold(one, "sandbox.failed.v1");
            assertThat(service.query("SELECT image FROM warm_demand")).isEmpty();
        } finally {
            service.stop();
            TestEngine.clean(service.home());
            TestEngine.docker().removeImageCmd(name).withForce(true).exec();
        }
    }

    @Test
    void manyOfOneKindMakeRoomForAnotherThatIsAskedForLater() throws Exception {
        service = new ServiceUnderTest(Map.of(
                "slipway.warm-pool.size", 0, "slipway.warm-pool.max", 2, "slipway.warm-pool.look-every", "400ms"));
        demand(2, 32 * MEBIBYTE);
        await().atMost(Duration.ofSeconds(100))
                .until(() -> service.query("SELECT 1 FROM warm_sandbox WHERE state = 'ready'")
                                .size()
                        == 2);

        service.execute("UPDATE warm_demand SET at = now() - interval '2 minutes'");
        demand(1, 16 * MEBIBYTE);

        awaitReady("mold LIKE '%tmp=" + 16 * MEBIBYTE + " %'");
        awaitReady("mold LIKE '%tmp=" + 32 * MEBIBYTE + " %'");
    }

    @Test
    void aSessionThatWaitsForLongKeepsNoneFromBeingMade() throws Exception {
        service = new ServiceUnderTest(Map.of(
                "slipway.warm-pool.size", 0, "slipway.warm-pool.max", 1, "slipway.warm-pool.look-every", "400ms"));
        service.want(one, 1, Desired.RUNNING, Map.of("HOLD_PHASE", "cloning"));
        awaitTold(one, "\"phase\":\"cloning\"");
        service.execute("UPDATE sandbox SET wanted_at = now() - interval '1 minute'");

        demand(1, 32 * MEBIBYTE);

        awaitReady();
        assertThat(service.told(one)).noneMatch(event -> event.contains("sandbox.ready.v1"));
    }

    @Test
    void whatACrashLeftUnnamedGoesWithTheSessionThatANewerWishChanged() throws Exception {
        Map<String, Object> settings = new HashMap<>(ONE);
        settings.put("slipway.sandboxes.sweep-every", "1h");
        service = new ServiceUnderTest(settings);
        awaitReady();
        String id = claimed(one);

        service.want(one, 2, Desired.RUNNING, Map.of());
        awaitTold(one, "\"generation\":2,\"sandboxId\"");
        service.want(one, 3, Desired.REMOVED, Map.of());
        awaitTold(one, "sandbox.removed.v1");

        assertThat(service.runDir().resolve(new SandboxName(id).hash())).doesNotExist();
    }

    @Test
    void aRestartKeepsItAndTheEndOfAllRemovesIt() throws Exception {
        Map<String, Object> settings = new HashMap<>(ONE);
        var marker = Files.createTempDirectory("marker").resolve("stop");
        settings.put("slipway.sandboxes.stop-marker", marker.toString());
        service = new ServiceUnderTest(settings);
        String ready = awaitReady();

        service.restart();

        assertThat(awaitReady()).isEqualTo(ready);
        Files.createFile(marker);
        service.stop();
        assertThat(TestEngine.containers(service.home())).isEmpty();
        assertThat(TestEngine.volumes(service.home())).isEmpty();
    }

    /** As after so many starts of a kind that has this much of {@code /tmp}. */
    private void demand(int starts, long tmpBytes) {
        service.execute("INSERT INTO warm_demand (image, tmp_bytes) SELECT '%s', %d FROM generate_series(1, %d)"
                .formatted(TestEngine.image(), tmpBytes, starts));
    }

    private static ServiceUnderTest start(Map<String, Object> settings) {
        try {
            return new ServiceUnderTest(settings);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The container of the one that stands ready. */
    private String awaitReady() {
        return awaitReady("true");
    }

    /** Longer than the pool waits after a failure, which a busy engine may cause. */
    private String awaitReady(String condition) {
        String query = "SELECT container_id FROM warm_sandbox WHERE state = 'ready' AND " + condition;
        return await().atMost(Duration.ofSeconds(75))
                .until(() -> service.query(query), found -> !found.isEmpty())
                .getFirst();
    }

    /** Writes down a wish and that it was given the ready one, in one transaction as the service does, and no job for it. */
    private String claimed(String session) {
        return claimed(session, "container_id");
    }

    private String claimed(String session, String container) {
        // Before it is the session's: soon after it may be forgotten.
        String id = service.query("SELECT id FROM warm_sandbox WHERE state = 'ready'")
                .getFirst();
        service.execute("""
                WITH wish AS (
                    INSERT INTO sandbox (session_id, project_id, workspace_id, generation, desired, state, spec)
                    VALUES ('%s', '%s', 'w1', 1, 'RUNNING', 'preparing', '%s')
                    RETURNING session_id, project_id, generation)
                UPDATE warm_sandbox SET state = 'claimed', session_id = wish.session_id, project_id = wish.project_id,
                    generation = wish.generation, claimed_at = now(), container_id = %s
                FROM wish WHERE warm_sandbox.state = 'ready'
                """.formatted(session, PROJECT, """
                        {"agent":{"type":"acp","command":[],"env":{},"permissions":"all","mcpServers":[]},"branch":"b",\
                        "baseCommit":"c","limits":{},"env":{},"userId":"u","authorName":"n","authorEmail":"e"}\
                        """, container));
        return id;
    }

    private String containerOf(String session) {
        return service.query("SELECT container_id FROM sandbox WHERE session_id = '" + session + "'")
                .getFirst();
    }

    private static void tag(String image, String name) {
        TestEngine.docker()
                .tagImageCmd(image, name.split(":")[0], name.split(":")[1])
                .exec();
    }

    /** The same image with another label, under that name. */
    private static String newerImage(String name) {
        return image(name, List.of());
    }

    /** An image whose program is not in it. */
    private static void brokenImage(String name) {
        image(name, List.of("/not-there"));
    }

    private static String image(String name, List<String> program) {
        CreateContainerCmd create =
                TestEngine.docker().createContainerCmd(TestEngine.image()).withNetworkDisabled(true);
        String container = (program.isEmpty() ? create : create.withEntrypoint(program))
                .exec()
                .getId();
        try {
            return TestEngine.docker()
                    .commitCmd(container)
                    .withRepository(name.split(":")[0])
                    .withTag(name.split(":")[1])
                    .withLabels(Map.of("newer", "yes"))
                    .exec();
        } finally {
            TestEngine.docker()
                    .removeContainerCmd(container)
                    .withRemoveVolumes(true)
                    .exec();
        }
    }

    private void awaitTold(String session, String part) {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(service.told(session)).anyMatch(event -> event.contains(part)));
    }
}
