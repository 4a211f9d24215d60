package dev.slipway.mitm.session;

import static dev.slipway.mitm.testing.RunningService.SESSION;
import static dev.slipway.mitm.testing.RunningService.messages;
import static dev.slipway.mitm.testing.RunningService.through;
import static dev.slipway.mitm.testing.RunningService.throughTcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningService;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin port as the other services use it, on a real database and a real broker. */
@NullMarked
class AdminPortTest {
    private Origin origin;
    private Origin credentials;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        origin = Origin.plain(Origin.text("hello"));
        credentials = Origin.plain(Origin.text("{\"version\":3,\"rules\":[]}"));
        service = new RunningService(Map.of(
                "slipway.egress.upstreams",
                "a.example.com=http://127.0.0.1:" + origin.port() + ",b.example.com=http://127.0.0.1:" + origin.port(),
                "slipway.services.credential-service.url",
                "http://127.0.0.1:" + credentials.port()));
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        origin.close();
        credentials.close();
    }

    @Test
    void aDoorOpensForTheSandboxsUserAndStaysOverARestart() throws Exception {
        EgressDoor door = service.open("s1");
        Path socket = Path.of(door.socket());
        assertThat(socket).endsWith(Path.of("egress", "egress.sock"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw-rw-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                .isEqualTo("rwxr-xr-x");
        assertThat(door.caPem())
                .isEqualTo(service.call("GET", "/ca.pem", "container-service", null)
                        .body());
        assertThat(through(socket, "a.example.com")).contains("200 OK");

        service.stop();
        assertThat(socket).doesNotExist();
        service.run();

        assertThat(through(socket, "a.example.com")).contains("200 OK");
        assertThat(service.call("GET", "/ca.pem", "container-service", null).body())
                .isEqualTo(door.caPem());
        assertThat(service.call("DELETE", "/api/sessions/s1", "container-service", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(socket).doesNotExist();
        assertThat(service.call("DELETE", "/api/sessions/s1", "container-service", null)
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void anAuthorityGetsASuccessorByCommandAndBothAreTrusted() throws Exception {
        String first = service.open("s8").caPem();
        assertThat(service.call("POST", "/api/authority/rotation", "gateway", "{}", "owner", "p1")
                        .statusCode())
                .isEqualTo(403);

        assertThat(service.call("POST", "/api/authority/rotation", "container-service", "{}")
                        .statusCode())
                .isEqualTo(202);

        String both = service.open("s8").caPem();
        assertThat(both).startsWith(first).isNotEqualTo(first);
        assertThat(service.call("GET", "/ca.pem", "container-service", null).body())
                .isEqualTo(both);
        assertThat(service.call("GET", "/api/authority", "container-service", null)
                        .body())
                .contains("\"nextSignsFrom\":\"");
        assertThat(service.call("POST", "/api/authority/rotation", "container-service", "{}")
                        .statusCode())
                .isEqualTo(409);
        service.restart(Map.of());
        assertThat(service.open("s8").caPem()).isEqualTo(both);

        assertThat(service.call("POST", "/api/authority/rotation", "container-service", "{\"immediately\":true}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(service.open("s8").caPem()).doesNotContain(first);
    }

    @Test
    void whereThereIsATcpPortASessionHasATokenThatSurvivesARestart() throws Exception {
        assertThat(service.open("s7").address()).isNull();
        assertThat(service.open("s7").token()).isNull();
        service.restart(Map.of("slipway.proxy.tcp.address", "127.0.0.1:0"));

        EgressDoor door = service.open("s7");
        assertThat(throughTcp(door, "s7", String.valueOf(door.token()))).contains("200 OK");
        assertThat(throughTcp(door, "s7", "wrong")).contains("407 ");
        service.restart(Map.of());

        assertThat(service.open("s7").token()).isEqualTo(door.token());
        assertThat(door.toString()).doesNotContain(String.valueOf(door.token()));
    }

    @Test
    void aRefusalIsLoggedToldAndCanBeAllowed() throws Exception {
        Path socket = Path.of(service.open("s2").socket());
        assertThat(through(socket, "b.example.com")).contains("403 Forbidden", "b.example.com");
        assertThat(through(socket, "b.example.com")).contains("403 Forbidden");

        String path = "/internal/projects/p1/sessions/s2/egress";
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(service.call("GET", path + "?decision=blocked", "gateway", null)
                                .body())
                        .contains("\"host\":\"b.example.com\"", "\"dropped\":0"));
        assertThat(service.call("GET", path + "?limit=1", "gateway", null).body())
                .contains("\"nextCursor\":\"");
        assertThat(service.call("GET", path + "?decision=maybe", "gateway", null)
                        .statusCode())
                .isEqualTo(400);
        assertThat(service.call("POST", path + "/allow", "gateway", "{\"host\":\"b.example.com\"}")
                        .statusCode())
                .isEqualTo(204);

        assertThat(through(socket, "b.example.com")).contains("200 OK");
        assertThat(service.call("POST", path + "/allow", "gateway", "{\"host\":\"a*b\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(service.call("GET", path + "/allow", "gateway", null).body())
                .contains("\"host\":\"b.example.com\",\"allowedBy\":\"u1\"");
        assertThat(service.call("DELETE", path + "/allow/b.example.com", "gateway", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(through(socket, "b.example.com")).contains("403 Forbidden");
        assertThat(service.call("GET", path + "/allow", "gateway", null).body()).contains("\"hosts\":[]");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(messages("slipway.egress.v1", 3))
                        .anyMatch(record -> record.contains("\"decision\":\"blocked\""))
                        .anyMatch(record ->
                                record.contains("\"decision\":\"allowed\"") && record.contains("b.example.com")));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(messages("slipway.lifecycle.v1", 1).stream()
                                .filter(event -> event.contains("b.example.com")))
                        .hasSize(1));
    }

    @Test
    void rulesAreAskedForWhenAProjectIsNewAndReplacedByAPush() throws Exception {
        service.open("s3");
        RuleBook rules = service.bean(RuleBook.class);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(rules.known("p1"))
                        .hasValueSatisfying(known -> assertThat(known.version()).isEqualTo(3)));

        String pushed = "{\"version\":4,\"rules\":[]}";
        assertThat(service.call("PUT", "/internal/projects/p1/rules", "gateway", pushed)
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.call("PUT", "/internal/projects/p1/rules", "credential-service", pushed)
                        .statusCode())
                .isEqualTo(204);

        assertThat(rules.known("p1").orElseThrow().version()).isEqualTo(4);
    }

    @Test
    void nobodyWithoutAnIdentityOrOfAnotherProjectGetsIn() throws Exception {
        service.open("s4");
        HttpRequest nameless =
                HttpRequest.newBuilder(service.url("/api/sessions/s4")).DELETE().build();

        assertThat(HttpClient.newHttpClient()
                        .send(nameless, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        assertThat(service.call("GET", "/internal/projects/p2/sessions/s4/egress", "gateway", null, "member", "p1")
                        .statusCode())
                .isEqualTo(404);
        assertThat(service.call("PUT", "/api/sessions/s5", "gateway", SESSION, "owner", "p1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.call(
                                "POST",
                                "/internal/projects/p2/sessions/s4/egress/allow",
                                "gateway",
                                "{\"host\":\"x.example.com\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(service.call("PUT", "/api/sessions/s4", "container-service", SESSION.replace("p1", "p2"))
                        .statusCode())
                .isEqualTo(409);
        assertThat(service.call(
                                "PUT",
                                "/api/sessions/s6",
                                "container-service",
                                SESSION.replace("a.example", "a.*.example"))
                        .statusCode())
                .isEqualTo(422);
    }
}
