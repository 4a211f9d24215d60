package dev.slipway.mitm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.contracts.mitm.EgressDoor;
import dev.slipway.kit.testing.EmbeddedServers;
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
import java.nio.file.Path;
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

/** The whole service on a real database and a real broker, and its admin port as the other services use it. */
@NullMarked
public final class RunningService implements AutoCloseable {
    /** A session of project p1 that may reach a.example.com. */
    public static final String SESSION = """
            {"projectId":"p1","workspaceId":"w1","userId":"u1","agentType":"claude-code","generation":1,"allow":["a.example.com"]}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Object> properties = new HashMap<>(EmbeddedServers.properties());
    private ApplicationContext context;
    private EmbeddedServer server;

    /** Starts the service with these settings beyond those of all tests. */
    public RunningService(Map<String, Object> settings) {
        properties.putAll(settings);
        context = ApplicationContext.run(properties);
        server = context.getBean(EmbeddedServer.class).start();
    }

    /** Stops the service as a signal would, and starts it again with more settings. */
    public void restart(Map<String, Object> settings) {
        stop();
        properties.putAll(settings);
        run();
    }

    public void stop() {
        context.close();
    }

    public void run() {
        context = ApplicationContext.run(properties);
        server = context.getBean(EmbeddedServer.class).start();
    }

    /** A part of the service. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A setting's value. */
    public String setting(String name) {
        return String.valueOf(properties.get(name));
    }

    public URI url(String path) {
        return URI.create(server.getURL() + path);
    }

    @Override
    public void close() {
        context.close();
    }

    /** Opens a session's door. */
    public EgressDoor open(String session) throws Exception {
        HttpResponse<String> answer = call("PUT", "/api/sessions/" + session, "container-service", SESSION);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return context.getBean(ObjectMapper.class).readValue(answer.body(), EgressDoor.class);
    }

    public HttpResponse<String> call(String method, String path, String issuer, @Nullable String body)
            throws Exception {
        return call(method, path, issuer, body, "system", null);
    }

    public HttpResponse<String> call(
            String method, String path, String issuer, @Nullable String body, String role, @Nullable String project)
            throws Exception {
        var publisher = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest request = HttpRequest.newBuilder(url(path))
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

    public static String throughTcp(EgressDoor door, String user, String token) throws Exception {
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

    /** What a GET of the host gets through the door. */
    public static String through(Path socket, String host) throws Exception {
        return send(socket, "GET http://" + host + "/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    /** What comes back, until the connection ends. */
    public static String send(Path socket, String bytes) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            OutputStream out = Channels.newOutputStream(channel);
            out.write(bytes.getBytes(StandardCharsets.US_ASCII));
            ByteBuffer answer = ByteBuffer.allocate(65_536);
            int read = channel.read(answer);
            while (read >= 0) {
                read = channel.read(answer);
            }
            return StandardCharsets.US_ASCII.decode(answer.flip()).toString();
        }
    }

    public static List<String> messages(String topic, int atLeast) {
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
