package dev.slipway.container.reconcile;

import static dev.slipway.container.testing.ServiceUnderTest.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.testing.EgressStandIn;
import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.container.testing.TestEngine;
import dev.slipway.contracts.session.Desired;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From a wish to a sandbox and back, on a real engine, database and broker. */
@NullMarked
@Tag("engine")
class SandboxesTest {
    private static final Caller SESSION_SERVICE = Caller.system("session-service", PROJECT);
    private static final Caller MEMBER =
            new Caller("gateway", "ana", "Ana", "a@example.com", PROJECT, Role.MEMBER, null);
    private static final Caller STRANGER = new Caller("gateway", "bob", "Bob", "b@example.com", "p2", Role.OWNER, null);

    private final String session = "s-" + UUID.randomUUID();
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
    void aWishBecomesAReadySandboxAndSaysEachStep() throws Exception {
        service.want(session, 1, Desired.RUNNING, Map.of());

        awaitTold("sandbox.ready.v1");
        assertThat(service.told(session))
                .anyMatch(event -> event.startsWith("sandbox.progress.v1") && event.contains("creating_sandbox"))
                .anyMatch(
                        event -> event.contains("\"phase\":\"cloning\",\"progress\":41,\"message\":\"cloning, 41 %\""))
                .anyMatch(event -> event.contains("starting_agent"))
                .last()
                .asString()
                .startsWith("sandbox.ready.v1 ")
                .contains("\"generation\":1", "\"image\":\"" + TestEngine.image() + "\"", "\"imageDigest\":\"sha256:");
        assertThat(service.egress.registered)
                .singleElement()
                .asString()
                .contains("\"allow\":[\"deb.example.org\",\"npm.example.org\"]", "\"agentType\":\"acp\"");
        Path folder = service.bean(SessionDirectories.class).authority(new SandboxName(session));
        assertThat(Files.readString(folder.resolve("ca.pem"))).isEqualTo(EgressStandIn.CA);
        assertThat(Files.readString(folder.resolve("bundle.pem"), StandardCharsets.ISO_8859_1))
                .endsWith(EgressStandIn.CA);
    }

    @Test
    void aRunningSandboxTrustsANewAuthorityBeforeItSigns() throws Exception {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");
        String both = EgressStandIn.CA + EgressStandIn.CA.replace("c3RhbmQtaW4=", "c3VjY2Vzc29y");

        service.egress.trusted = both;

        Path folder = service.bean(SessionDirectories.class).authority(new SandboxName(session));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(Files.readString(folder.resolve("ca.pem"))).isEqualTo(both);
            assertThat(Files.readString(folder.resolve("bundle.pem"), StandardCharsets.ISO_8859_1))
                    .endsWith(both);
        });
        assertThat(TestEngine.containers(service.home())).hasSize(1);
    }

    @Test
    void anOldWishThatComesLateChangesNothing() {
        service.want(session, 3, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");

        service.want(session, 2, Desired.REMOVED, Map.of());
        service.want("later-" + session, 1, Desired.REMOVED, Map.of());

        // The later wish has been taken, so the old one has been too: they share a partition.
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(service.told("later-" + session)).hasSize(1));
        assertThat(service.query(
                        "SELECT generation || desired || state FROM sandbox WHERE session_id = '" + session + "'"))
                .containsExactly("3RUNNINGready");
        assertThat(TestEngine.containers(service.home())).hasSize(1);
    }

    @Test
    void resumedItRunsOnlyOnceItsWayOutIsThere() {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");
        service.want(session, 2, Desired.STOPPED, Map.of());
        awaitTold("\"reason\":\"wanted\"");
        List<String> statesBefore = new CopyOnWriteArrayList<>();
        service.egress.beforeOpening = () -> {
            // What went on beside would have begun by then.
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            TestEngine.containers(service.home()).forEach(container -> statesBefore.add(container.getState()));
        };

        service.want(session, 3, Desired.RUNNING, Map.of());

        awaitTold("\"generation\":3,\"sandboxId\"");
        assertThat(statesBefore).isNotEmpty().doesNotContain("running");
    }

    @Test
    void stoppedAndResumedItKeepsItsVolume() {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");

        service.want(session, 2, Desired.STOPPED, Map.of());
        awaitTold("sandbox.stopped.v1 {\"sessionId\":\"" + session + "\",\"generation\":2,\"reason\":\"wanted\"}");
        assertThat(TestEngine.containers(service.home()))
                .singleElement()
                .satisfies(container -> assertThat(container.getState()).isEqualTo("exited"));
        service.want(session, 3, Desired.RUNNING, Map.of());

        awaitTold("sandbox.ready.v1 {\"sessionId\":\"" + session + "\",\"generation\":3");
        assertThat(TestEngine.containers(service.home())).hasSize(1);
        assertThat(TestEngine.volumes(service.home())).hasSize(1);
    }

    @Test
    void removedDuringItsMakingItLeavesNothing() {
        service.want(session, 1, Desired.RUNNING, Map.of("HOLD_PHASE", "cloning"));
        awaitTold("\"phase\":\"cloning\"");

        service.want(session, 2, Desired.REMOVED, Map.of());

        awaitTold("sandbox.removed.v1");
        assertThat(service.told(session)).noneMatch(event -> event.startsWith("sandbox.ready"));
        assertThat(TestEngine.containers(service.home())).isEmpty();
        assertThat(TestEngine.volumes(service.home())).isEmpty();
        assertThat(service.egress.removed).containsExactly(session);
        assertThat(service.runDir().resolve(new SandboxName(session).hash())).doesNotExist();
    }

    @Test
    void aServiceThatEndsDuringTheMakingGoesOnAtItsNextStartWithTheSameContainer() throws Exception {
        service.want(session, 1, Desired.RUNNING, Map.of("HOLD_PHASE", "cloning"));
        awaitTold("\"phase\":\"cloning\"");
        String container = TestEngine.containers(service.home()).getFirst().getId();

        service.restart();
        Files.createFile(service.bean(SessionDirectories.class)
                .agent(new SandboxName(session))
                .resolve("go"));

        awaitTold("sandbox.ready.v1");
        assertThat(TestEngine.containers(service.home()))
                .singleElement()
                .satisfies(only -> assertThat(only.getId()).isEqualTo(container));
    }

    @Test
    void aRestartOfTheServiceTouchesNoRunningSandbox() {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");
        String container = TestEngine.containers(service.home()).getFirst().getId();
        List<String> told = service.told(session);

        service.restart();

        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(TestEngine.containers(service.home())).singleElement().satisfies(only -> {
                assertThat(only.getId()).isEqualTo(container);
                assertThat(only.getState()).isEqualTo("running");
            });
            assertThat(service.told(session)).isEqualTo(told);
        });
    }

    @Test
    void aSandboxThatEndsWhileItIsMadeSaysItsCodeAndLastWords() {
        service.want(session, 1, Desired.RUNNING, Map.of("PLAY_DEAD", "3"));

        awaitTold("sandbox.failed.v1");
        assertThat(service.told(session).getLast())
                .contains("exit code 3", "playing dead", "\"exitCode\":3", "\"outOfMemory\":false");
    }

    @Test
    void aSandboxThatIsKilledLaterIsReported() {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");

        TestEngine.docker()
                .killContainerCmd(
                        TestEngine.containers(service.home()).getFirst().getId())
                .exec();

        awaitTold("sandbox.failed.v1");
        assertThat(service.told(session).getLast()).contains("\"exitCode\":137");
    }

    @Test
    void aContainerOfNobodyIsRemoved() {
        TestEngine.docker()
                .createContainerCmd(TestEngine.image())
                .withName(new SandboxName(session).container())
                .withNetworkDisabled(true)
                .withLabels(Map.of(
                        "dev.slipway.home",
                        service.home(),
                        "dev.slipway.session",
                        session,
                        "dev.slipway.project",
                        PROJECT,
                        "dev.slipway.generation",
                        "1"))
                .exec();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(TestEngine.containers(service.home())).isEmpty());
    }

    @Test
    void theAgentIsReachedThroughTheServiceByServicesOnly() throws Exception {
        String path = "/internal/projects/p1/sandboxes/" + session + "/agent";
        assertThat(get(SESSION_SERVICE, path + "/session").statusCode()).isEqualTo(404);
        service.want(session, 1, Desired.RUNNING, Map.of("HOLD_PHASE", "cloning"));
        awaitTold("\"phase\":\"cloning\"");

        HttpResponse<String> starting = get(SESSION_SERVICE, path + "/session");
        assertThat(starting.statusCode()).isEqualTo(503);
        assertThat(starting.headers().firstValue("Retry-After")).isPresent();
        Files.createFile(service.bean(SessionDirectories.class)
                .agent(new SandboxName(session))
                .resolve("go"));
        awaitTold("sandbox.ready.v1");

        assertThat(get(SESSION_SERVICE, path + "/session").body()).contains("\"phase\":\"ready\"");
        HttpResponse<String> turn = service.call(
                SESSION_SERVICE, "POST", path + "/turns", "{\"turnId\":\"t1\"}", HttpResponse.BodyHandlers.ofString());
        assertThat(turn.statusCode()).isEqualTo(202);
        assertThat(turn.body()).isEqualTo("{\"turnId\":\"t1\"}");
        assertThat(get(MEMBER, path + "/session").statusCode()).isEqualTo(403);
        assertThat(get(STRANGER, path + "/session").statusCode()).isEqualTo(404);
        assertThat(get(SESSION_SERVICE, path.replace("/p1/", "/p2/") + "/session")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void membersReachFilesAndNothingOfTheSandboxSpeaksForUs() throws Exception {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");

        HttpResponse<String> files =
                get(MEMBER, "/internal/projects/p1/sessions/" + session + "/files/read?path=a%20b%2Fc&x=1");

        assertThat(files.statusCode()).isEqualTo(200);
        assertThat(files.body()).isEqualTo("{\"target\":\"/files/read?path=a%20b%2Fc&x=1\"}");
        assertThat(files.headers().firstValue("ETag")).hasValue("\"e1\"");
        assertThat(files.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(get(STRANGER, "/internal/projects/p2/sessions/" + session + "/files")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aJournalIsPassedOnLineByLineAndEndsWithItsReader() throws Exception {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");
        String path = "/internal/projects/p1/sandboxes/" + session + "/agent/journal?after=0&follow=true";

        long begun = System.nanoTime();
        HttpResponse<InputStream> journal =
                service.call(SESSION_SERVICE, "GET", path, "", HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(journal.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("{\"seq\":1}");
            assertThat(lines.readLine()).isEqualTo("{\"seq\":2}");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        }

        Path gone = service.bean(SessionDirectories.class)
                .agent(new SandboxName(session))
                .resolve("gone");
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(gone));
    }

    @Test
    void anIdleSandboxIsStoppedButNeverDuringATurn() throws Exception {
        service.want(session, 1, Desired.RUNNING, Map.of());
        awaitTold("sandbox.ready.v1");
        String agent = "/internal/projects/p1/sandboxes/" + session + "/agent";
        service.call(SESSION_SERVICE, "POST", agent + "/turns", "{}", HttpResponse.BodyHandlers.ofString());
        String idleSince =
                "UPDATE sandbox SET last_activity = now() - interval '2 hours' WHERE session_id = '" + session + "'";

        service.execute(idleSince);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> service.query("SELECT 1 FROM sandbox WHERE last_activity > now() - interval '1 hour'")
                                .size()
                        == 1);
        assertThat(service.told(session)).noneMatch(event -> event.startsWith("sandbox.stopped"));
        service.call(SESSION_SERVICE, "POST", agent + "/turns/t1/cancel", "{}", HttpResponse.BodyHandlers.ofString());
        service.execute(idleSince + " AND agent_seq > 0");

        // A look that was under way may note activity once more after this.
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(3))
                .untilAsserted(() -> {
                    service.execute("UPDATE sandbox SET agent_seq = 2, last_activity = now() - interval '2 hours'");
                    assertThat(service.told(session)).anyMatch(event -> event.contains("\"reason\":\"idle\""));
                });
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(TestEngine.containers(service.home()))
                        .singleElement()
                        .satisfies(container -> assertThat(container.getState()).isEqualTo("exited")));
    }

    @Test
    void theEngineAndItsImagesAreShown() throws Exception {
        assertThat(get(SESSION_SERVICE, "/internal/engine").body())
                .contains("\"kind\":\"docker\"", "\"present\":true", "\"digest\":\"sha256:");
    }

    private HttpResponse<String> get(Caller caller, String path) throws Exception {
        return service.call(caller, "GET", path, "", HttpResponse.BodyHandlers.ofString());
    }

    private void awaitTold(String part) {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(service.told(session)).anyMatch(event -> event.contains(part)));
    }
}
