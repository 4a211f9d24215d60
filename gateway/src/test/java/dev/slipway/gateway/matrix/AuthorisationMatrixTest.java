package dev.slipway.gateway.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.gateway.Client;
import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.matrix.Row.Least;
import dev.slipway.gateway.matrix.Row.Scope;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Every operation that is described × everybody × a project or session of one's own, a foreign one and none at all. What each may do
 * is in the table; what is not in the table fails.
 */
class AuthorisationMatrixTest {
    private static final List<String> METHODS = List.of("get", "put", "post", "patch", "delete");
    private static final String UNKNOWN = "no-such-project";
    private static final String OWN_SESSION = "session-of-our-project";
    private static final String FOREIGN_SESSION = "session-of-the-strangers-project";
    private static final String UNKNOWN_SESSION = "session-of-nobody";
    private static final int AT_ONCE = 8;

    /** What some operations of the gateway's own need to be understood; the others take an empty object. */
    private static final Map<String, String> BODIES = Map.of(
            "POST /api/tokens", "{\"name\":\"t\"}",
            "PUT /api/preferences", "{\"preferences\":{}}",
            "PUT /api/preferences/{key}", "{\"value\":\"v\"}",
            "POST /api/projects", "{\"name\":\"n\"}",
            "PUT /api/projects/{project}", "{\"name\":\"n\"}",
            "PUT /api/projects/{project}/members/{userId}", "{\"role\":\"member\"}",
            "POST /api/projects/{project}/invitations", "{\"email\":\"x@example.com\"}",
            "POST /api/projects/{project}/webhooks", "{\"url\":\"https://example.com/hook\"}",
            "POST /api/admin/invite-codes/batch", "{\"count\":1}");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final List<Row> ROWS = Row.all();
    private static final List<GuardedService> SERVICES = new ArrayList<>();
    private static final List<Principal> PRINCIPALS = new ArrayList<>();

    private static EmbeddedServer gateway;
    private static String ours = "";
    private static String theirs = "";

    @BeforeAll
    static void start() throws Exception {
        String signingKey = Gateways.signingKey();
        Map<String, String> sessions = new HashMap<>();
        Map<String, Object> settings = new HashMap<>(EmbeddedServers.properties());
        settings.put("slipway.auth.signing-key", signingKey);
        String internalKey = Objects.requireNonNull((String) settings.get("slipway.internal.key"));
        for (String name : List.of(
                "workspace-service", "session-service", "container-service", "credential-service", "mitm-proxy")) {
            GuardedService service = new GuardedService(name, internalKey, ROWS, sessions);
            SERVICES.add(service);
            settings.put("slipway.services." + name + ".url", service.url());
        }
        gateway = Gateways.withLogin("http://127.0.0.1:1", settings);
        people(signingKey);
        sessions.put(OWN_SESSION, ours);
        sessions.put(FOREIGN_SESSION, theirs);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        SERVICES.forEach(GuardedService::close);
    }

    private static void people(String signingKey) throws Exception {
        Client root = Client.nobody(gateway).register("root", "first");
        String home = newProject(root);
        String code = root.post("/api/admin/invite-codes", "{\"maxUses\":50}").field("code");
        Client stranger = Client.nobody(gateway).register("stranger", code);
        theirs = newProject(stranger);
        Client owner = Client.nobody(gateway).register("owner", code);
        ours = newProject(owner);
        Client admin = joined(owner, "admin", code);
        Client member = joined(owner, "member", code);
        Client keeper = joined(owner, "owner", code);

        String real = Objects.requireNonNull(owner.token());
        JWTClaimsSet claims = SignedJWT.parse(real).getJWTClaimsSet();
        ECKey key = key(signingKey);
        String keyId = SignedJWT.parse(real).getHeader().getKeyID();
        JWTClaimsSet past = new JWTClaimsSet.Builder(claims)
                .expirationTime(Date.from(Instant.now().minusSeconds(60)))
                .build();
        PRINCIPALS.add(Principal.invalid("nobody", null));
        PRINCIPALS.add(Principal.invalid("expired", signed(past, key, keyId)));
        PRINCIPALS.add(
                Principal.invalid("wrong key", signed(claims, new ECKeyGenerator(Curve.P_256).generate(), keyId)));
        PRINCIPALS.add(Principal.invalid("alg none", new PlainJWT(claims).serialize()));
        PRINCIPALS.add(Principal.invalid("unknown API token", "slp_" + "A".repeat(43)));
        PRINCIPALS.add(person("stranger", stranger, Map.of(theirs, Least.OWNER), theirs, false));
        PRINCIPALS.add(person("member", member, Map.of(ours, Least.MEMBER), ours, false));
        PRINCIPALS.add(person("admin", admin, Map.of(ours, Least.ADMIN), ours, false));
        PRINCIPALS.add(person("owner", owner, Map.of(ours, Least.OWNER), ours, false));
        PRINCIPALS.add(person("system admin", root, Map.of(home, Least.OWNER), home, true));
        for (Scope scope : List.of(Scope.READ, Scope.WRITE, Scope.ADMIN)) {
            String name = scope.name().toLowerCase(Locale.ROOT);
            String token = keeper.post("/api/tokens", "{\"name\":\"t\",\"scopes\":[\"" + name + "\"]}")
                    .field("token");
            PRINCIPALS.add(new Principal(
                    "owner's API token, " + name, token, true, scope, Map.of(ours, Least.OWNER), ours, false));
        }
        assertThat(owner.as(signed(claims, key, keyId)).get("/auth/me").status())
                .as("the forger's tools are sharp")
                .isEqualTo(200);
    }

    private static Principal person(
            String name, Client client, Map<String, Least> roles, String home, boolean installation) {
        return new Principal(name, client.token(), true, Scope.ADMIN, roles, home, installation);
    }

    private static String newProject(Client client) {
        return client.post("/api/projects", "{\"name\":\"p\"}").field("id");
    }

    private static Client joined(Client owner, String role, String code) {
        String name = role.equals("owner") ? "keeper" : role;
        Client client = Client.nobody(gateway).register(name, code);
        String token = owner.post(
                        "/api/projects/" + ours + "/invitations",
                        "{\"email\":\"" + name + "@example.com\",\"role\":\"" + role + "\"}")
                .field("token");
        assertThat(client.post("/api/invitations/" + token + "/accept", "").status())
                .isEqualTo(200);
        return client;
    }

    private static ECKey key(String pem) throws Exception {
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        ECPrivateKey secret =
                (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        ECKey other = new ECKeyGenerator(Curve.P_256).generate();
        return new ECKey.Builder(Curve.P_256, other.toECPublicKey())
                .privateKey(secret)
                .build();
    }

    private static String signed(JWTClaimsSet claims, ECKey key, String keyId) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keyId).build(), claims);
        token.sign(new ECDSASigner(key.toECPrivateKey()));
        return token.serialize();
    }

    @Test
    @SuppressWarnings("unchecked") // a YAML document has no types of its own
    void everyOperationHasARow() throws IOException {
        TreeSet<String> described = new TreeSet<>();
        try (InputStream in = Objects.requireNonNull(Row.class.getResourceAsStream("/openapi.yaml"))) {
            Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            Map<String, Map<String, Object>> paths = (Map<String, Map<String, Object>>) document.get("paths");
            Objects.requireNonNull(paths)
                    .forEach((path, item) -> METHODS.stream()
                            .filter(item::containsKey)
                            .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        }

        assertThat(ROWS.stream().map(Row::operation)).containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    void servicesAskForTheRolesOfTheTable() {
        assertThat(DeclaredRoles.inSourcesOf(ROWS))
                .as("what controllers require beyond membership, by the operation at the service")
                .containsExactlyInAnyOrderElementsOf(DeclaredRoles.ofTable(ROWS));
    }

    private record Target(String project, String session) {}

    private record Answered(int status, String body) {}

    @Test
    void everybodyMayDoExactlyWhatTheTableSays() throws Exception {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();

        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            for (Row row : ROWS) {
                all.add(threads.submit(() -> PRINCIPALS.forEach(principal -> attempt(row, principal, wrong))));
            }
            for (Future<?> done : all) {
                done.get();
            }
        }

        assertThat(wrong).isEmpty();
    }

    /** Routes take no notice of a slash at the end of a path, so the scope must not hang on it. */
    @Test
    void aSlashAtTheEndOfAPathSparesNoTokenItsScope() {
        Target own = new Target(ours, OWN_SESSION);
        List<String> passed = new ArrayList<>();
        for (Row row : ROWS) {
            Row slashed = new Row(row.method(), row.path() + "/", row.who(), row.scope());
            boolean other = row.who() == Least.OPEN || row.path().endsWith("/");
            for (Principal principal : other ? List.<Principal>of() : PRINCIPALS) {
                if (principal.scope().compareTo(row.scope()) < 0) {
                    int status = send(slashed, principal, own).status();
                    if (status != 403) {
                        passed.add(slashed.operation() + " as " + principal + ": " + status);
                    }
                }
            }
        }

        assertThat(passed).isEmpty();
    }

    private static void attempt(Row row, Principal principal, Queue<String> wrong) {
        Target own = new Target(ours, OWN_SESSION);
        Target foreign = new Target(theirs, FOREIGN_SESSION);
        Target unknown = new Target(UNKNOWN, UNKNOWN_SESSION);
        Map<Target, Answered> answers = new HashMap<>();
        for (Target target : List.of(own, foreign, unknown)) {
            Answered answer = send(row, principal, target);
            answers.put(target, answer);
            String fault = fault(row, principal, target, answer);
            if (fault != null) {
                wrong.add(row.operation() + " as " + principal + " in " + target.project() + ": " + fault + ", found "
                        + answer.status() + " " + answer.body());
            }
        }
        boolean aboutOne = row.namesProject() || row.namesSession();
        if (principal.valid() && aboutOne) {
            Target closed = principal.roles().containsKey(ours) ? foreign : own;
            if (!Objects.equals(answers.get(closed), answers.get(unknown))) {
                wrong.add(row.operation() + " as " + principal + ": a foreign id answers " + answers.get(closed)
                        + ", an unknown one " + answers.get(unknown));
            }
        }
    }

    /** What is wrong with an answer; null for nothing. */
    private static @Nullable String fault(Row row, Principal principal, Target target, Answered answer) {
        if (row.who() == Least.OPEN) {
            boolean asked = answer.status() == 401
                    && answer.body().contains("/unauthorized")
                    && !row.path().equals("/auth/login");
            return asked || answer.status() == 403 ? "open to everyone" : null;
        }
        if (!principal.valid()) {
            return answer.status() == 401 ? null : "expected 401";
        }
        if (principal.scope().compareTo(row.scope()) < 0) {
            return answer.status() == 403 ? null : "expected 403 for the token's scope";
        }
        if (row.who() == Least.USER) {
            return passed(answer) ? null : "expected to pass";
        }
        if (row.who() == Least.INSTALLATION) {
            boolean hidden = answer.status() == 404 && answer.body().contains("no such page");
            return hidden != principal.installation() ? null : "expected " + (hidden ? "to pass" : "404");
        }
        Least role = role(row, principal, target);
        if (role == null) {
            return answer.status() == 404 ? null : "expected 404";
        }
        if (role.compareTo(row.who()) < 0) {
            return answer.status() == 403 ? null : "expected 403 for the role";
        }
        boolean lost = answer.status() == 404 && answer.body().contains("no such project");
        return passed(answer) && !lost ? null : "expected to pass";
    }

    private static boolean passed(Answered answer) {
        return answer.status() != 401 && answer.status() != 403;
    }

    private static @Nullable Least role(Row row, Principal principal, Target target) {
        boolean aboutOne = row.namesProject() || row.namesSession();
        return principal.roles().get(aboutOne ? target.project() : principal.home());
    }

    /** Changes nothing even where it may: what has a version is asked for at one that it never had. */
    private static Answered send(Row row, Principal principal, Target target) {
        boolean safe = row.method().equals("GET");
        String body = safe || row.method().equals("DELETE") ? "" : BODIES.getOrDefault(row.operation(), "{}");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(gateway.getURI() + row.at(target.project(), target.session())))
                .timeout(Duration.ofSeconds(60))
                .header("X-Request-Id", "matrix")
                .method(row.method(), HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!safe) {
            request.header("If-Match", "\"v999999999\"");
        }
        if (principal.token() != null) {
            request.header("Authorization", "Bearer " + principal.token());
        }
        try {
            HttpResponse<InputStream> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                boolean stream =
                        response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
                return new Answered(
                        response.statusCode(), stream ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(row.operation() + " as " + principal, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aForeignIdTakesAsLongAsAnUnknownOne() {
        Principal stranger = PRINCIPALS.stream()
                .filter(principal -> principal.name().equals("stranger"))
                .findFirst()
                .orElseThrow();
        for (String path :
                List.of("/api/projects/{project}", "/api/projects/{project}/sessions", "/api/sessions/{session}")) {
            Row row = new Row("GET", path, Least.MEMBER, Scope.READ);
            double ratio = ratio(row, stranger);
            // What else this machine does may fall on one of the two; a difference of the gateway's own shows every
            // time.
            for (int again = 0; again < 2 && (ratio < 0.6 || ratio > 1.67); again++) {
                ratio = ratio(row, stranger);
            }

            assertThat(ratio).as(path).isBetween(0.6, 1.67);
        }
    }

    private static double ratio(Row row, Principal stranger) {
        int rounds = 200;
        long[] foreign = new long[rounds];
        long[] unknown = new long[rounds];
        for (int i = -50; i < rounds; i++) {
            long one = nanos(row, stranger, new Target(ours, OWN_SESSION));
            long other = nanos(row, stranger, new Target(UNKNOWN, UNKNOWN_SESSION + i));
            if (i >= 0) {
                foreign[i] = one;
                unknown[i] = other;
            }
        }
        return (double) median(foreign) / median(unknown);
    }

    private static long nanos(Row row, Principal principal, Target target) {
        long begin = System.nanoTime();
        send(row, principal, target);
        return System.nanoTime() - begin;
    }

    private static long median(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    void aServiceItselfLetsNobodyInWithoutTheGateway() throws Exception {
        for (GuardedService service : SERVICES) {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create(service.url() + "/internal/projects/" + ours + "/sessions"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
        }
    }
}
