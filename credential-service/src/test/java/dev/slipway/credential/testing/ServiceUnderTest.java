package dev.slipway.credential.testing;

import dev.slipway.contracts.event.LifecycleEvent;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole service on a real database and broker; it may be started again on the same ones with other settings. */
public final class ServiceUnderTest implements AutoCloseable {
    /** The project of all callers here. */
    public static final String PROJECT = "p1";

    /** A master key. */
    public static final String KEY = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210";

    /** Stands in for mitm-proxy. */
    public final ProxyStandIn proxy = new ProxyStandIn();

    private final Map<String, Object> properties = new HashMap<>(EmbeddedServers.properties());
    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedServer server;

    /** Starts it. */
    public ServiceUnderTest() throws IOException {
        this(Map.of());
    }

    /** Starts it with settings of this test. */
    public ServiceUnderTest(Map<String, Object> more) throws IOException {
        properties.put("ENCRYPTION_KEY", KEY);
        properties.put("slipway.services.mitm-proxy.url", proxy.url());
        properties.putAll(more);
        server = ApplicationContext.run(EmbeddedServer.class, properties);
    }

    /** Ends it and starts it on the same database with other settings. */
    public void restart(Map<String, Object> changed) {
        server.close();
        properties.putAll(changed);
        server = ApplicationContext.run(EmbeddedServer.class, properties);
    }

    /** A bean of the service. */
    public <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    /** A member of the project in this role, as the gateway speaks for them. */
    public static Caller user(Role role) {
        return new Caller("gateway", "ana", "Ana", "ana@example.com", PROJECT, role, null);
    }

    /** Another member of the project in this role. */
    public static Caller user(String id, Role role) {
        return new Caller("gateway", id, id, id + "@example.com", PROJECT, role, null);
    }

    /** The proxy on its own account. */
    public static Caller proxyOf(String project) {
        return Caller.system("mitm-proxy", project);
    }

    /** A second process on the same database and broker, as a replica is; closed by the caller. */
    public ServiceUnderTest replica() throws IOException {
        return new ServiceUnderTest(properties);
    }

    /** What a process is told that is started on the same database and broker. */
    public Map<String, Object> properties() {
        return Map.copyOf(properties);
    }

    /** A request by an admin below {@code /internal/projects/p1}. */
    public HttpResponse<String> admin(String method, String path, String body) {
        return call(user(Role.ADMIN), method, PROJECT, path, body);
    }

    /** What the proxy gets when it asks for the project's rules. */
    public String rules() {
        return call(proxyOf(PROJECT), "GET", PROJECT, "/rules", "").body();
    }

    /** How far a change of the master key is. */
    public String masterKey() {
        return send(Caller.system("gateway", null), "GET", "/internal/master-key", "")
                .body();
    }

    /** A request below {@code /internal/projects/<project>}. */
    public HttpResponse<String> call(Caller caller, String method, String project, String path, String body) {
        return send(caller, method, "/internal/projects/" + project + path, body);
    }

    private HttpResponse<String> send(Caller caller, String method, String path, String body) {
        String token =
                TestTokens.sign(caller, "credential-service", String.valueOf(properties.get("slipway.internal.key")));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.getURL() + path))
                .header(IdentityTokens.HEADER, token)
                .header("Content-Type", "application/json");
        try {
            return http.send(
                    request.method(
                                    method,
                                    body.isEmpty()
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** An event of the project, over the broker as another service tells it. */
    public void tell(LifecycleEvent event) {
        bean(TransactionalTelling.class).tell(event);
    }

    /** Appends to the outbox in a transaction of its own. */
    @Singleton
    public static class TransactionalTelling {
        private final Outbox outbox;

        TransactionalTelling(Outbox outbox) {
            this.outbox = outbox;
        }

        /** Appends. */
        @Transactional
        public void tell(LifecycleEvent event) {
            outbox.append(PROJECT, PROJECT, event);
        }
    }

    /** The first column of a query in the service's schema. */
    public List<String> query(String sql) {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a statement in the service's schema. */
    public void execute(String sql) {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection to the service's schema; closed by the caller. */
    public Connection connect() throws SQLException {
        Connection connection = EmbeddedServers.connect(String.valueOf(properties.get("datasources.default.url")));
        connection.setSchema("credential");
        return connection;
    }

    @Override
    public void close() {
        server.close();
        proxy.close();
    }
}
