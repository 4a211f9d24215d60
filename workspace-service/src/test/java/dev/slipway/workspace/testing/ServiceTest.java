package dev.slipway.workspace.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.session.SessionEvent.SessionRequested;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.InternalKey;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.core.type.Argument;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;

/** A running service, and a user of project {@code p} who calls it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServiceTest implements TestPropertyProvider {
    /** The project of these tests. */
    protected static final String PROJECT = "p";

    private static final Duration SOON = Duration.ofSeconds(60);

    /** A folder under the allowlist. */
    protected final Path playground = folder();

    @Inject
    protected EmbeddedServer server;

    @Inject
    protected InternalKey key;

    @Inject
    protected ObjectMapper json;

    @Inject
    protected Outbox outbox;

    @Inject
    protected TransactionOperations<Connection> transactions;

    @Inject
    protected JdbcOperations jdbc;

    private final HttpClient http = HttpClient.newHttpClient();

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = EmbeddedServers.properties();
        properties.put("slipway.workspaces.repo-allowlist", playground.toString());
        return properties;
    }

    /** An answer: its status and its JSON, an empty map if it has none. */
    public record Answer(int status, Map<String, Object> body) {
        /** A field, as text. */
        public String text(String field) {
            return String.valueOf(body.get(field));
        }

        /** A list of objects. */
        @SuppressWarnings("unchecked")
        public List<Map<String, Object>> list(String field) {
            return (List<Map<String, Object>>) body.getOrDefault(field, List.of());
        }
    }

    /** Calls as the user. A body that is a text is sent as it is. */
    protected Answer call(String method, String path, @Nullable Object body) {
        return call(user(PROJECT), method, "/internal/projects/" + PROJECT + path, body);
    }

    /** Calls another replica as the user. */
    protected Answer callAt(String base, String method, String path, @Nullable Object body) {
        return send(base, user(PROJECT), method, "/internal/projects/" + PROJECT + path, body);
    }

    /** Calls as anybody. */
    protected Answer call(Caller caller, String method, String path, @Nullable Object body) {
        return send(server.getURL().toString(), caller, method, path, body);
    }

    private Answer send(String base, Caller caller, String method, String path, @Nullable Object body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(Duration.ofSeconds(60))
                    .header(IdentityTokens.HEADER, token(caller));
            if (body == null) {
                request.method(method, HttpRequest.BodyPublishers.noBody());
            } else {
                request.header("Content-Type", "application/json")
                        .method(
                                method,
                                HttpRequest.BodyPublishers.ofByteArray(
                                        body instanceof String text
                                                ? text.getBytes(UTF_8)
                                                : json.writeValueAsBytes(body)));
            }
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Map<String, Object> answer = response.body().length == 0
                    ? Map.of()
                    : json.readValue(response.body(), Argument.mapOf(String.class, Object.class));
            return new Answer(response.statusCode(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A body that is not JSON, as the user gets it. */
    protected String text(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(server.getURL() + "/internal/projects/" + PROJECT + path))
                    .timeout(Duration.ofSeconds(60))
                    .header(IdentityTokens.HEADER, token(user(PROJECT)))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String token(Caller caller) {
        return Tokens.sign(caller, key.key());
    }

    /** A user, as the gateway presents one. */
    protected static Caller user(String project) {
        return new Caller("gateway", "u1", "Uma User", "uma@example.org", project, Role.OWNER, null);
    }

    /** A sandbox, as mitm-proxy presents one. */
    protected static Caller sandbox(String session) {
        return new Caller("mitm-proxy", "u1", "Uma User", "uma@example.org", PROJECT, Role.MEMBER, session);
    }

    /** A ready workspace of a folder or an address; its id. */
    protected String workspace(String path) {
        Answer created = call("POST", "/workspaces", Map.of("path", path));
        if (created.status() != 201) {
            throw new AssertionError("workspace not created: " + created);
        }
        String id = created.text("id");
        await().atMost(SOON).until(() -> !List.of("initializing", "cloning").contains(status(id)));
        if (!status(id).equals("ready")) {
            throw new AssertionError(call("GET", "/workspaces/" + id, null).toString());
        }
        return id;
    }

    /** A workspace's status. */
    protected String status(String workspace) {
        return call("GET", "/workspaces/" + workspace, null).text("status");
    }

    /** A session with its branch ready; its id. */
    protected String session(String workspace) {
        String id = "s-" + Ids.text();
        request(id, workspace, null);
        await().atMost(SOON)
                .until(() -> call("GET", "/sessions/" + id + "/diff", null).status() == 200);
        return id;
    }

    /** Publishes the wish for a session, as session-service does. */
    protected void request(String session, String workspace, @Nullable String baseRef) {
        transactions.executeWrite(
                status -> outbox.append(PROJECT, session, new SessionRequested(session, workspace, baseRef, "u1")));
    }

    /** A clone as a sandbox makes it. */
    protected Shell sandboxClone(String session) {
        Path parent = folder();
        Shell outside = new Shell(parent);
        outside.git(
                "-c", header(session), "clone", "-q", "--branch", "slipway/" + session, "--", url(session), "clone");
        Shell clone = new Shell(parent.resolve("clone"));
        clone.git("config", "http.extraHeader", header(session).substring("http.extraHeader=".length()));
        return clone;
    }

    /** Where a session's repository is. */
    protected String url(String session) {
        return server.getURL() + "/internal/git/" + session + ".git";
    }

    /** The setting by which git presents a session's token. */
    protected String header(String session) {
        return "http.extraHeader=" + IdentityTokens.HEADER + ": " + token(sandbox(session));
    }

    /** The types and data of the events about a subject, in their order. */
    protected List<String> events(String subject) {
        return transactions.executeRead(status ->
                jdbc.prepareStatement("SELECT type, data FROM outbox WHERE subject = ? ORDER BY seq", select -> {
                    select.setString(1, subject);
                    List<String> events = new ArrayList<>();
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            events.add(row.getString(1) + " " + row.getString(2));
                        }
                    }
                    return events;
                }));
    }

    /** A new folder. */
    protected static Path folder() {
        try {
            return Files.createTempDirectory("slipway-play").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
