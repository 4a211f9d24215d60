package dev.slipway.container.warm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Container;
import dev.slipway.container.testing.PrivateEngine;
import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sandboxes made ahead, on a Podman of its own, wherever that can start containers. */
@NullMarked
@Tag("engine")
@SuppressWarnings("NullAway.Init") // where there is no Podman, no test begins
class WarmPoolOnPodmanTest {
    private static final Duration MADE_WITHIN = Duration.ofSeconds(90);

    private final String one = "one-" + UUID.randomUUID();
    private final String other = "other-" + UUID.randomUUID();

    private PrivateEngine podman;
    private ServiceUnderTest service;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(PrivateEngine.canRun("podman"), "no warm pool on Podman: it needs root, and the program podman");
        try {
            podman = PrivateEngine.podman();
        } catch (PrivateEngine.CannotStartContainers e) {
            assumeTrue(false, "no warm pool on Podman, which starts no container here: " + e.getMessage());
        }
        service = new ServiceUnderTest(Map.of(
                "slipway.engine.kind",
                "podman",
                "slipway.engine.host",
                podman.address(),
                "slipway.sandboxes.image",
                podman.engine().image(),
                "slipway.warm-pool.size",
                1,
                "slipway.warm-pool.max",
                1,
                "slipway.warm-pool.look-every",
                "400ms"));
    }

    @AfterEach
    void end() throws Exception {
        if (service != null) {
            service.close();
            podman.engine().clean(service.home());
        }
        if (podman != null) {
            podman.close();
        }
    }

    @Test
    void aSessionOfTheUsualSizeTakesItAndOneOfAnotherSizeGetsItsOwn() {
        String first = awaitReady();

        service.want(one, 1, Desired.RUNNING, Map.of());

        awaitTold(one, "\"sandboxId\":\"" + first + "\"");
        assertThat(service.egress.registered).hasSize(1);
        String second = awaitReady();
        assertThat(second).isNotEqualTo(first);

        // This engine cannot change the bounds of what runs (Podman 4), and a session must not run beyond its own.
        service.want(other, 1, Desired.RUNNING, Map.of(), new SandboxLimits(0.5, null, null, 100, null, null));

        awaitTold(other, "sandbox.ready.v1");
        String own = service.query("SELECT container_id FROM sandbox WHERE session_id = '" + other + "'")
                .getFirst();
        assertThat(podman.engine()
                        .docker()
                        .inspectContainerCmd(own)
                        .exec()
                        .getHostConfig()
                        .getPidsLimit())
                .isEqualTo(100L);
        await().atMost(MADE_WITHIN)
                .untilAsserted(() -> assertThat(podman.engine().containers(service.home()))
                        .extracting(Container::getId)
                        .contains(first, own)
                        .hasSize(3));
    }

    /** The container of the one that stands ready. */
    private String awaitReady() {
        return await().atMost(MADE_WITHIN)
                .until(
                        () -> service.query("SELECT container_id FROM warm_sandbox WHERE state = 'ready'"),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private void awaitTold(String session, String what) {
        await().atMost(MADE_WITHIN)
                .untilAsserted(() -> assertThat(service.told(session)).anyMatch(event -> event.contains(what)));
    }
}
