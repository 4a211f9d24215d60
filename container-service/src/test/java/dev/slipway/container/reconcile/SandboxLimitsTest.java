package dev.slipway.container.reconcile;

import static dev.slipway.container.testing.ServiceUnderTest.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.Container;
import dev.slipway.container.host.SessionDisks;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.container.testing.TestEngine;
import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.kit.identity.Caller;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What sandboxes may use, alone and together, on a real engine. */
@NullMarked
@Tag("engine")
class SandboxLimitsTest {
    private static final long MEBIBYTE = 1024L * 1024;

    private final String one = "one-" + UUID.randomUUID();
    private final String other = "other-" + UUID.randomUUID();
    private ServiceUnderTest service;

    @BeforeEach
    void start() throws Exception {
        service = new ServiceUnderTest(Map.of());
    }

    @AfterEach
    void end() throws Exception {
        service.close();
    }

    @Test
    void aSandboxBeyondItsProjectsMemoryIsRefusedAndSaysSo() throws Exception {
        service.limit(new ProjectLimits(null, 400 * MEBIBYTE, null, null, null, null, null, null));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !service.query("SELECT 1 FROM project_limits").isEmpty());
        service.want(one, 1, Desired.RUNNING, Map.of());
        awaitTold(one, "sandbox.ready.v1");
        assertThat(room(one, "{}").statusCode()).isEqualTo(204);
        assertThat(room(other, "{\"memoryBytes\":134217728}").statusCode()).isEqualTo(204);
        HttpResponse<String> none = room(other, "{}");
        assertThat(none.statusCode()).isEqualTo(409);
        assertThat(none.body()).contains("limit-reached", "limit of memory is reached: 400 MiB allowed");

        service.want(other, 1, Desired.RUNNING, Map.of());

        awaitTold(
                other,
                "limit of memory is reached: 400 MiB allowed, 256 MiB used by its other running sessions, 256 MiB wanted");
        assertThat(service.told(one).getLast()).startsWith("sandbox.ready.v1");
        service.want(one, 2, Desired.STOPPED, Map.of());
        awaitTold(one, "sandbox.stopped.v1");
        service.want(other, 2, Desired.RUNNING, Map.of());
        awaitTold(other, "sandbox.ready.v1");
    }

    private HttpResponse<String> room(String session, String limits) throws Exception {
        return service.call(
                Caller.system("session-service", PROJECT),
                "POST",
                "/internal/projects/" + PROJECT + "/sandboxes/" + session + "/room",
                limits,
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aFullDiskIsTheSandboxsOwn() throws Exception {
        SessionDisks disks = service.bean(SessionDisks.class);
        assumeThat(disks.isAble()).as("root and loop devices").isTrue();
        SandboxLimits small = new SandboxLimits(null, null, 64 * MEBIBYTE, null, null, null);
        service.want(one, 1, Desired.RUNNING, Map.of(), small);
        service.want(other, 1, Desired.RUNNING, Map.of(), small);
        awaitTold(one, "sandbox.ready.v1");
        awaitTold(other, "sandbox.ready.v1");

        String filling = TestEngine.exec(container(one), "dd", "if=/dev/zero", "of=/data/full", "bs=1M", "count=200");

        assertThat(filling).contains("No space left on device");
        assertThat(disks.used(new SandboxName(one)).getAsLong()).isBetween(40 * MEBIBYTE, 64 * MEBIBYTE);
        assertThat(TestEngine.exec(container(other), "sh", "-c", "echo fine > /data/x && cat /data/x"))
                .isEqualTo("fine\n");
        service.want(one, 2, Desired.STOPPED, Map.of());
        awaitTold(one, "sandbox.stopped.v1");
        service.want(one, 3, Desired.RUNNING, Map.of(), small);
        awaitTold(one, "\"generation\":3,\"sandboxId\"");
        assertThat(TestEngine.exec(container(one), "ls", "/data")).contains("full", "session.json");
        for (String session : new String[] {one, other}) {
            service.want(session, 9, Desired.REMOVED, Map.of());
            awaitTold(session, "sandbox.removed.v1");
            assertThat(disks.has(new SandboxName(session))).isFalse();
        }
    }

    @Test
    void oneThatHasRunForItsTimeIsStopped() {
        service.want(one, 1, Desired.RUNNING, Map.of(), new SandboxLimits(null, null, null, null, null, 1L));

        awaitTold(one, "sandbox.ready.v1");
        awaitTold(one, "\"reason\":\"ttl\"");
    }

    @Test
    void aNewerImageIsToldAndRunsFromTheNextGenerationOn() throws Exception {
        String name = "slipway-test/moving:" + ProcessHandle.current().pid();
        String first =
                TestEngine.docker().inspectImageCmd(TestEngine.image()).exec().getId();
        TestEngine.docker()
                .tagImageCmd(TestEngine.image(), name.split(":")[0], name.split(":")[1])
                .exec();
        service.close();
        service = new ServiceUnderTest(Map.of("slipway.sandboxes.image", name));
        try {
            service.want(one, 1, Desired.RUNNING, Map.of());
            awaitTold(one, "sandbox.ready.v1");
            assertThat(image()).contains("\"outdated\":false", "\"digest\":\"" + first);

            String second = newerImage(name);

            awaitTold(one, "sandbox.image.outdated.v1");
            assertThat(image()).contains("\"outdated\":true", "\"newest\":\"" + second);
            assertThat(call("POST", "/internal/images/refresh?outdatedOnly=true"))
                    .contains(one);
            service.want(one, 2, Desired.RUNNING, Map.of());
            awaitTold(one, "\"generation\":2,\"sandboxId\"");
            assertThat(image()).contains("\"outdated\":false", "\"digest\":\"" + second);
            assertThat(call("POST", "/internal/images/refresh?outdatedOnly=true"))
                    .doesNotContain(one);
        } finally {
            service.stop();
            TestEngine.clean(service.home());
            TestEngine.docker().removeImageCmd(name).withForce(true).exec();
        }
    }

    /** The same image with another label, under that name. */
    private static String newerImage(String name) {
        String container = TestEngine.docker()
                .createContainerCmd(TestEngine.image())
                .withNetworkDisabled(true)
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

    private String image() throws Exception {
        return call("GET", "/internal/projects/p1/sessions/" + one + "/image");
    }

    private String call(String method, String path) throws Exception {
        Caller caller = Caller.system("session-service", PROJECT);
        return service.call(caller, method, path, "", HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String container(String session) {
        return TestEngine.containers(service.home()).stream()
                .filter(container -> session.equals(container.getLabels().get("dev.slipway.session")))
                .map(Container::getId)
                .findFirst()
                .orElseThrow();
    }

    private void awaitTold(String session, String part) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(service.told(session)).anyMatch(event -> event.contains(part)));
    }
}
