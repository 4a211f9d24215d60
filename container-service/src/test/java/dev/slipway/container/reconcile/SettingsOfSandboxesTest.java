package dev.slipway.container.reconcile;

import static dev.slipway.container.testing.ServiceUnderTest.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.container.testing.TestEngine;
import dev.slipway.contracts.session.Desired;
import dev.slipway.kit.identity.Caller;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the service does under other settings. */
@NullMarked
@Tag("engine")
class SettingsOfSandboxesTest {
    private final String session = "s-" + UUID.randomUUID();

    @Test
    void aMissingImageFailsAtOnceAndSaysTheCommandThatMakesIt() throws Exception {
        try (ServiceUnderTest service =
                new ServiceUnderTest(Map.of("slipway.sandboxes.image", "slipway/not-built:9"))) {
            service.want(session, 1, Desired.RUNNING, Map.of());

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(service.told(session))
                            .singleElement()
                            .asString()
                            .startsWith("sandbox.failed.v1")
                            .contains("slipway/not-built:9", "./slipway image build"));
            assertThat(service.call(
                                    Caller.system("gateway", PROJECT),
                                    "GET",
                                    "/internal/engine",
                                    "",
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("\"present\":false", "./slipway image build");
        }
    }

    @Test
    void whereAllGoesDownTogetherSandboxesAreStoppedWithTheService() throws Exception {
        try (ServiceUnderTest service = new ServiceUnderTest(Map.of("slipway.sandboxes.stop-on-shutdown", true))) {
            service.want(session, 1, Desired.RUNNING, Map.of());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(service.told(session)).anyMatch(event -> event.startsWith("sandbox.ready")));

            service.restart();

            assertThat(service.told(session).getLast())
                    .startsWith("sandbox.stopped.v1")
                    .contains("\"reason\":\"shutdown\"");
            assertThat(TestEngine.containers(service.home()))
                    .singleElement()
                    .satisfies(container -> assertThat(container.getState()).isEqualTo("exited"));
        }
    }

    @Test
    void anEngineThatDoesNotAnswerIsNoProofThatASandboxIsGone() throws Exception {
        try (ServiceUnderTest service = new ServiceUnderTest(
                Map.of("slipway.engine.host", "unix:///nowhere/docker.sock", "slipway.sandboxes.ready-within", "3s"))) {
            service.execute("""
                    INSERT INTO sandbox (session_id, project_id, workspace_id, generation, desired, spec, state, container_id, image,
                        image_digest)
                    VALUES ('alive', 'p1', 'w1', 1, 'RUNNING', '{}', 'ready', 'c1', 'i', 'd')
                    """.replace(
                            "'{}'",
                            "'{\"agent\":{\"type\":\"acp\",\"command\":[],\"env\":{},\"permissions\":\"all\","
                                    + "\"mcpServers\":[]},\"branch\":\"b\",\"baseCommit\":\"c\",\"limits\":{},\"env\":{},\"userId\":\"u\","
                                    + "\"authorName\":\"n\",\"authorEmail\":\"e\"}'"));
            service.want(session, 1, Desired.RUNNING, Map.of());

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(service.told(session))
                            .singleElement()
                            .asString()
                            .startsWith("sandbox.failed.v1")
                            .contains("No container engine answers"));
            assertThat(service.told("alive")).isEmpty();
            assertThat(service.query("SELECT state FROM sandbox WHERE session_id = 'alive'"))
                    .containsExactly("ready");
        }
    }
}
