package dev.slipway.container.testing;

import dev.slipway.contracts.gateway.ProjectEvent.LimitsChanged;
import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.contracts.session.AgentSpec;
import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxLimits;
import dev.slipway.contracts.session.SandboxSpec;
import dev.slipway.contracts.session.SessionEvent.SandboxWanted;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.transaction.TransactionOperations;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The whole service on a real database, broker and engine; it may be started again on the same ones. */
public final class ServiceUnderTest implements AutoCloseable {
    /** The project of all sessions here. */
    public static final String PROJECT = "p1";

    /** Stands in for mitm-proxy. */
    public final EgressStandIn egress;

    private final Map<String, Object> properties;
    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedServer server;

    /** Starts it; {@code more} are settings of this test. */
    public ServiceUnderTest(Map<String, Object> more) throws IOException {
        properties = new HashMap<>(EmbeddedServers.properties());
        egress = new EgressStandIn(runDir());
        properties.put("slipway.services.mitm-proxy.url", egress.url());
        // Nobody listens: what no event has told of is unknown.
        properties.put("slipway.services.session-service.url", "http://127.0.0.1:9");
        properties.put("slipway.sandboxes.image", TestEngine.image());
        properties.put("slipway.engine.kind", "docker");
        properties.put("slipway.sandboxes.stop-grace", "2s");
        properties.put("slipway.sandboxes.sweep-every", "1s");
        properties.put("slipway.sandboxes.orphan-grace", "1s");
        properties.put("slipway.sandboxes.memory-bytes", 256 * 1024 * 1024);
        // Who is about sandboxes made ahead says so; the others count containers.
        properties.put("slipway.warm-pool.max", 0);
        properties.putAll(more);
        server = ApplicationContext.run(EmbeddedServer.class, properties);
    }

    /** Its home, which is on all that it makes. */
    public String home() {
        return String.valueOf(properties.get("slipway.home"));
    }

    /** Where sessions' directories are. */
    public Path runDir() {
        return Path.of(String.valueOf(properties.get("slipway.run-dir")));
    }

    /** Ends it. */
    public void stop() {
        server.close();
    }

    /** Ends it and starts it on the same database, broker and engine. */
    public void restart() {
        server.close();
        server = ApplicationContext.run(EmbeddedServer.class, properties);
    }

    /** Where it listens, with {@code ws} instead of {@code http}. */
    public String socketUrl() {
        return server.getURL().toString().replaceFirst("^http", "ws");
    }

    /** A token by which that caller calls it. */
    public String token(Caller caller) {
        return bean(IdentityTokens.class).sign(caller, "container-service");
    }

    /** A bean of the service. */
    public <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    /** Says what is wanted of a session's sandbox, over the broker as session-service would. */
    public void want(String session, long generation, Desired desired, Map<String, String> environment) {
        want(session, generation, desired, environment, SandboxLimits.DEFAULTS);
    }

    /** As above, with bounds of the session's own. */
    public void want(
            String session, long generation, Desired desired, Map<String, String> environment, SandboxLimits limits) {
        SandboxSpec spec = new SandboxSpec(
                null,
                new AgentSpec("acp", List.of("agent"), Map.of(), null, null, null, "all", List.of()),
                "slipway/" + session,
                "0".repeat(40),
                limits,
                environment,
                "ana",
                "Ana",
                "ana@example.com");
        transactions()
                .executeWrite(status -> bean(Outbox.class)
                        .append(
                                PROJECT,
                                "wish-" + session,
                                new SandboxWanted(
                                        session, "w1", generation, desired, desired == Desired.RUNNING ? spec : null)));
    }

    /** Says what the project may use, over the broker as the gateway would. */
    public void limit(ProjectLimits limits) {
        transactions()
                .executeWrite(status ->
                        bean(Outbox.class).append(PROJECT, "limits-of-" + PROJECT, new LimitsChanged(limits)));
    }

    /** The events that the service told of the session, oldest first, each as its short type and data. */
    public List<String> told(String session) {
        return query("SELECT type || ' ' || data FROM outbox WHERE subject = '" + session + "' ORDER BY seq").stream()
                .map(event -> event.replace("dev.slipway.", ""))
                .toList();
    }

    /** The first column of a query in the service's schema. */
    public List<String> query(String sql) {
        return Objects.requireNonNull(transactions().executeRead(status -> {
            List<String> found = new ArrayList<>();
            try (var statement = status.getConnection().createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        }));
    }

    /** Runs a statement in the service's schema. */
    public void execute(String sql) {
        transactions().executeWrite(status -> {
            try (var statement = status.getConnection().createStatement()) {
                return statement.executeUpdate(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A request as another service makes it. */
    public <T> HttpResponse<T> call(
            Caller caller, String method, String path, String body, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        // The token is for this service, whoever the caller is.
        String token = bean(IdentityTokens.class).sign(caller, "container-service");
        return http.send(
                HttpRequest.newBuilder(URI.create(server.getURL() + path))
                        .header(IdentityTokens.HEADER, token)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                handler);
    }

    @SuppressWarnings("unchecked")
    private TransactionOperations<Connection> transactions() {
        return bean(TransactionOperations.class);
    }

    @Override
    public void close() throws IOException {
        server.close();
        egress.close();
        TestEngine.clean(home());
    }
}
