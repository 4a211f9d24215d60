package dev.slipway.session.testing;

import dev.slipway.contracts.container.SandboxEvent.SandboxReady;
import dev.slipway.contracts.session.SessionEvent.SandboxWanted;
import dev.slipway.contracts.workspace.WorkspaceEvent.CheckoutPrepared;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.testing.EmbeddedServers;
import dev.slipway.session.Application;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.type.Argument;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.serde.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** session-service on real Postgres and real Kafka, between stand-ins of its peers; it can be killed and started again. */
public final class Suite implements AutoCloseable {
    private static final Argument<Map<String, Object>> OBJECT = Argument.mapOf(String.class, Object.class);

    private final ObjectMapper json = ObjectMapper.getDefault();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Object> properties = new HashMap<>(EmbeddedServers.properties());
    private final PeerServices peers;
    private final Lifecycle lifecycle;
    private final List<EmbeddedServer> replicas = new ArrayList<>();
    private EmbeddedServer server;
    private IdentityTokens tokens;
    private int elsewhere;

    public final String project = "p" + UUID.randomUUID().toString().substring(0, 8);

    public Suite(Map<String, Object> more) throws IOException {
        peers = new PeerServices();
        properties.put("slipway.services.workspace-service.url", peers.url());
        properties.put("slipway.services.container-service.url", peers.url());
        properties.putAll(more);
        server = startServer();
        tokens = context().getBean(IdentityTokens.class);
        lifecycle = new Lifecycle(EmbeddedServers.kafka());
    }

    private EmbeddedServer startServer() {
        return ApplicationContext.builder()
                .mainClass(Application.class)
                .properties(properties)
                .environments("test")
                .run(EmbeddedServer.class);
    }

    public PeerServices peers() {
        return peers;
    }

    public Lifecycle lifecycle() {
        return lifecycle;
    }

    public ApplicationContext context() {
        return server.getApplicationContext();
    }

    public int port() {
        return elsewhere == 0 ? server.getPort() : elsewhere;
    }

    /** The service is a process of its own from now on, which listens there; the one in here ends. */
    public void leaveTo(int port) {
        elsewhere = port;
        server.close();
    }

    /** Ends the service and starts it again on what it stored. */
    public void restart() {
        server.close();
        server = startServer();
        tokens = context().getBean(IdentityTokens.class);
    }

    /** Another replica on the same database and broker, until {@link #close}. */
    public EmbeddedServer replica() {
        EmbeddedServer replica = startServer();
        replicas.add(replica);
        return replica;
    }

    /** What another process needs to be a replica of this one; its port is for the caller to add. */
    public Map<String, Object> properties() {
        return Map.copyOf(properties);
    }

    /** A token of the gateway for a member of the project. */
    public String token(Role role) {
        return tokens.sign(
                new Caller("gateway", "ada", "Ada", "ada@example.org", project, role, null), "session-service");
    }

    /** An answer: its status and, if it is an object, its body. */
    public record Answer(int status, Map<String, Object> body) {}

    public Answer call(String method, String path, @Nullable Object body) {
        try {
            HttpResponse<String> response =
                    http.send(request(method, path, body, Map.of()), HttpResponse.BodyHandlers.ofString());
            boolean object = response.body().startsWith("{");
            return new Answer(response.statusCode(), object ? json.readValue(response.body(), OBJECT) : Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a stream to its end. */
    public HttpResponse<String> stream(String method, String path, @Nullable Object body, Map<String, String> headers) {
        try {
            return http.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String method, String path, @Nullable Object body, Map<String, String> headers)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port() + "/internal/projects/" + project + path))
                .timeout(Duration.ofSeconds(60))
                .header(IdentityTokens.HEADER, token(Role.OWNER))
                .header("Content-Type", "application/json");
        headers.forEach(request::header);
        return request.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build();
    }

    /** Asks for something outside of projects, in the name of another service. */
    public Answer internal(String path, Role role) {
        String token = tokens.sign(new Caller("gateway", "system", null, null, project, role, null), "session-service");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/internal" + path))
                .header(IdentityTokens.HEADER, token)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), json.readValue(response.body(), OBJECT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request as bytes, for a client that speaks through a bare socket. */
    public byte[] raw(String method, String path, Object body) throws IOException {
        byte[] content = json.writeValueAsBytes(body);
        String head = method + " /internal/projects/" + project + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + IdentityTokens.HEADER + ": " + token(Role.MEMBER) + "\r\nContent-Type: application/json\r\n"
                + "Accept-Encoding: gzip\r\nConnection: close\r\nContent-Length: " + content.length + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        request.writeBytes(content);
        return request.toByteArray();
    }

    /** How many clients watch a turn here. */
    public int viewers() {
        return (int) context()
                .getBean(MeterRegistry.class)
                .get("slipway.chat.viewers")
                .gauge()
                .value();
    }

    /** The body of a chat message. */
    public static Map<String, Object> message(String session, String id, String text) {
        return Map.of(
                "id",
                session,
                "messages",
                List.of(Map.of("id", id, "role", "user", "parts", List.of(Map.of("type", "text", "text", text)))));
    }

    /** The session's status. */
    public String status(String session) {
        return String.valueOf(call("GET", "/sessions/" + session, null).body().get("status"));
    }

    public void awaitStatus(String session, String status) {
        await(() -> status(session).equals(status));
    }

    public static void await(Supplier<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(condition::get);
    }

    /** A session that is ready. */
    public String readySession() {
        String session = "s-" + UUID.randomUUID();
        call("POST", "/sessions", Map.of("id", session, "workspaceId", "w1"));
        makeReady(session);
        return session;
    }

    /** Plays workspace-service and container-service until the session is ready. */
    public void makeReady(String session) {
        makeReadyForTurn(session);
        awaitStatus(session, "ready");
    }

    /** As {@link #makeReady}, for a session that has a turn waiting and so is not ready for long. */
    public void makeReadyForTurn(String session) {
        lifecycle.say(project, session, new CheckoutPrepared(session, "w1", "slipway/" + session, "abc123"));
        await(() -> !wanted(session).isEmpty());
        sayReady(session);
    }

    /** Plays container-service: the newest wish is fulfilled. */
    public void sayReady(String session) {
        lifecycle.say(project, session, new SandboxReady(session, generation(session), "box", "image:1", "sha256:1"));
    }

    /** What was wanted of the session's sandbox, in order. */
    public List<Map<String, Object>> wanted(String session) {
        return lifecycle.about(session, SandboxWanted.class);
    }

    /** The newest wish's generation. */
    public long generation(String session) {
        return wanted(session).getLast().get("generation") instanceof Number number ? number.longValue() : 0;
    }

    @Override
    public void close() {
        replicas.forEach(EmbeddedServer::close);
        server.close();
        lifecycle.close();
        peers.close();
    }
}
