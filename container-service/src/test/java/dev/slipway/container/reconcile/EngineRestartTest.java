package dev.slipway.container.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.container.testing.PrivateEngine;
import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.contracts.session.Desired;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An engine that is killed and comes back, with sandboxes on it. */
@NullMarked
@Tag("engine")
class EngineRestartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final String ready = "s-" + UUID.randomUUID();
    private final String making = "s-" + UUID.randomUUID();

    @Test
    void whileItIsAwayNothingIsConcludedAndAfterwardsEachSessionSaysWhyOrGoesOn() throws Exception {
        assumeTrue(PrivateEngine.canRun("dockerd"), "no engine is restarted: it needs root, and the program dockerd");
        try (PrivateEngine docker = PrivateEngine.docker("{}")) {
            docker.engine();
            try (ServiceUnderTest service = new ServiceUnderTest(
                    Map.of("slipway.engine.kind", "docker", "slipway.engine.host", docker.address()))) {
                service.want(ready, 1, Desired.RUNNING, Map.of());
                awaitTold(service, ready, "sandbox.ready.v1");

                docker.kill();
                service.want(making, 1, Desired.RUNNING, Map.of());
                // Several sweeps pass, and several tries to make the other one.
                await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
                assertThat(service.told(ready).getLast()).startsWith("sandbox.ready.v1");
                assertThat(service.told(making)).noneMatch(event -> event.startsWith("sandbox.failed"));
                docker.start();

                // The one that was wanted meanwhile is made as if nothing had been.
                awaitTold(service, making, "sandbox.ready.v1");
                // An engine ends, at its start, what an earlier life of it left running; then that is told.
                awaitTold(service, ready, "sandbox.failed.v1");
                assertThat(service.told(ready).getLast()).contains("engine is restarted");
                assertThat(docker.engine().containers(service.home())).hasSize(2);

                service.want(ready, 2, Desired.RUNNING, Map.of());

                awaitTold(service, ready, "sandbox.ready.v1 {\"sessionId\":\"" + ready + "\",\"generation\":2");
                assertThat(docker.engine().containers(service.home())).hasSize(2);
            }
        }
    }

    private static void awaitTold(ServiceUnderTest service, String session, String part) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(service.told(session)).anyMatch(event -> event.contains(part)));
    }
}
