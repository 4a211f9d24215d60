package dev.slipway.mitm.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.kit.testing.EmbeddedServers;
import dev.slipway.mitm.inject.RuleBook;
import dev.slipway.mitm.testing.Origin;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.serde.ObjectMapper;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin port as the other services use it, on a real database and a real broker. */
@NullMarked
class AdminPortTest {
    private static final String SESSION = """
            {"projectId":"p1","workspaceId":"w1","userId":"u1","agentType":"claude-code","generation":1,"allow":["a.example.com"]}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Object> properties = new HashMap<>(EmbeddedServers.properties());
    private Origin origin;
    private Origin credentials;
    private ApplicationContext context;
    private EmbeddedServer server;

    @BeforeEach
    void start() throws Exception {
        origin = Origin.plain(Origin.text("hello"));
        credentials = Origin.plain(Origin.text("{\"version\":3,\"rules\":[]}"));
        properties.put(
                "slipway.egress.upstreams",
                "a.example.com=http://127.0.0.1:" + origin.port() + ",b.example.com=http://127.0.0.1:" + origin.port());
        properties.put("slipway.services.credential-service.url", "http://127.0.0.1:" + credentials.port());
        run();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
        origin.close();
        credentials.close();
    }

    @Test
    void aDoorOpensForTheSandboxsUserAndStaysOverARestart() throws Exception {
        EgressDoor door = open("s1");
        Path socket = Path.of(door.socket());
        assertThat(socket).endsWith(Path.of("egress", "egress.sock"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw-rw-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                .isEqualTo("rwxr-xr-x");
        assertThat(door.caPem())
                .isEqualTo(call("GET", "/ca.pem", "container-service", null).body());
        assertThat(through(socket, "a.example.com")).contains("200 OK");

        context.close();
        assertThat(socket).doesNotExist();
        run();

        assertThat(through(socket, "a.example.com")).contains("200 OK");
        assertThat(call("GET", "/ca.pem", "container-service", null).body()).isEqualTo(door.caPem());
        assertThat(call("DELETE", "/api/sessions/s1", "container-service", null).statusCode())
                .isEqualTo(204);
        assertThat(socket).doesNotExist();
        assertThat(call("DELETE", "/api/sessions/s1", "container-service", null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void whereThereIsATcpPortASessionHasATokenThatSurvivesARestart() throws Exception {
        assertThat(open("s7").address()).isNull();
        assertThat(open("s7").token()).isNull();
        context.close();
        properties.put("slipway.proxy.tcp.address", "127.0.0.1:0");
        run();

        EgressDoor door = open("s7");
        assertThat(throughTcp(door, "s7", String.valueOf(door.token()))).contains("200 OK");
        assertThat(throughTcp(door, "s7", "wrong")).contains("407 ");
        context.close();
        run();

        assertThat(open("s7").token()).isEqualTo(door.token());
        assertThat(door.toString()).doesNotContain(String.valueOf(door.token()));
    }

    @Test
    void aRefusalIsLoggedToldAndCanBeAllowed() throws Exception {
        Path socket = Path.of(open("s2").socket());
        assertThat(through(socket, "b.example.com")).contains("403 Forbidden", "b.example.com");
        assertThat(through(socket, "b.example.com")).contains("403 Forbidden");

        String path = "/internal/projects/p1/sessions/s2/egress";
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(call("GET", path + "?decision=blocked", "gateway", null)
                                .body())
                        .contains("\"host\":\"b.example.com\"", "\"dropped\":0"));
        assertThat(call("GET", path + "?limit=1", "gateway", null).body()).contains("\"nextCursor\":\"");
        assertThat(call("GET", path + "?decision=maybe", "gateway", null).statusCode())
                .isEqualTo(400);
        assertThat(call("POST", path + "/allow", "gateway", "{\"host\":\"b.example.com\"}")
                        .statusCode())
                .isEqualTo(204);

        assertThat(through(socket, "b.example.com")).contains("200 OK");
        assertThat(call("POST", path + "/allow", "gateway", "{\"host\":\"a*b\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(messages("slipway.egress.v1", 3))
                .anyMatch(record -> record.contains("\"decision\":\"blocked\""))
                .anyMatch(record -> record.contains("\"decision\":\"allowed\"") && record.contains("b.example.com"));
        assertThat(messages("slipway.lifecycle.v1", 1).stream().filter(event -> event.contains("b.example.com")))
                .hasSize(1);
    }

    @Test
    void rulesAreAskedForWhenAProjectIsNewAndReplacedByAPush() throws Exception {
        open("s3");
        RuleBook rules = context.getBean(RuleBook.class);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(rules.known("p1").orElseThrow().version()).isEqualTo(3));

        String pushed = "{\"version\":4,\"rules\":[]}";
        assertThat(call("PUT", "/internal/projects/p1/rules", "gateway", pushed).statusCode())
                .isEqualTo(403);
        assertThat(call("PUT", "/internal/projects/p1/rules", "credential-service", pushed)
                        .statusCode())
                .isEqualTo(204);

        assertThat(rules.known("p1").orElseThrow().version()).isEqualTo(4);
    }

    @Test
    void nobodyWithoutAnIdentityOrOfAnotherProjectGetsIn() throws Exception {
        open("s4");
        HttpRequest nameless = HttpRequest.newBuilder(URI.create(server.getURL() + "/api/sessions/s4"))
                .DELETE()
                .build();

        assertThat(http.send(nameless, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        assertThat(call("GET", "/internal/projects/p2/sessions/s4/egress", "gateway", null, "member", "p1")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call("PUT", "/api/sessions/s5", "gateway", SESSION, "owner", "p1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(call(
                                "POST",
                                "/internal/projects/p2/sessions/s4/egress/allow",
                                "gateway",
                                "{\"host\":\"x.example.com\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(call("PUT", "/api/sessions/s4", "container-service", SESSION.replace("p1", "p2"))
                        .statusCode())
                .isEqualTo(409);
        assertThat(call("PUT", "/api/sessions/s6", "container-service", SESSION.replace("a.example", "a.*.example"))
                        .statusCode())
                .isEqualTo(422);
    }

    private void run() {
        context = ApplicationContext.run(properties);
        server = context.getBean(EmbeddedServer.class).start();
    }

    private EgressDoor open(String session) throws Exception {
        HttpResponse<String> answer = call("PUT", "/api/sessions/" + session, "container-service", SESSION);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return context.getBean(ObjectMapper.class).readValue(answer.body(), EgressDoor.class);
    }

    private HttpResponse<String> call(String method, String path, String issuer, @Nullable String body)
            throws Exception {
        return call(method, path, issuer, body, "system", null);
    }

    private HttpResponse<String> call(
            String method, String path, String issuer, @Nullable String body, String role, @Nullable String project)
            throws Exception {
        var publisher = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.getURL() + path))
                .method(method, publisher)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("X-Slipway-Identity", token(issuer, role, project))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String token(String issuer, String role, @Nullable String project) throws Exception {
        byte[] key = Base64.getDecoder().decode(String.valueOf(properties.get("slipway.internal.key")));
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience("mitm-proxy")
                        .subject("u1")
                        .claim("role", role)
                        .claim("prj", project)
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build());
        token.sign(new MACSigner(key));
        return token.serialize();
    }

    private static String throughTcp(EgressDoor door, String user, String token) throws Exception {
        String address = String.valueOf(door.address());
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
            String pair = Base64.getEncoder().encodeToString((user + ":" + token).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream()
                    .write(("GET http://a.example.com/ HTTP/1.1\r\nHost: a.example.com\r\nProxy-Authorization: Basic "
                                    + pair + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String through(Path socket, String host) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            OutputStream out = Channels.newOutputStream(channel);
            out.write(("GET http://" + host + "/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            ByteBuffer answer = ByteBuffer.allocate(65_536);
            int read = channel.read(answer);
            while (read >= 0) {
                read = channel.read(answer);
            }
            return StandardCharsets.US_ASCII.decode(answer.flip()).toString();
        }
    }

    private static List<String> messages(String topic, int atLeast) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                EmbeddedServers.kafka(),
                "group.id",
                "test-" + System.nanoTime(),
                "auto.offset.reset",
                "earliest");
        List<String> messages = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(300)).forEach(record -> messages.add(record.value()));
                assertThat(messages).hasSizeGreaterThanOrEqualTo(atLeast);
            });
        }
        return messages;
    }
}
