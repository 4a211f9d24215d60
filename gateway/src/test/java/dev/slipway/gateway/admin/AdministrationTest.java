package dev.slipway.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.gateway.AuditRecord;
import dev.slipway.gateway.Client;
import dev.slipway.gateway.Client.Answer;
import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.runtime.server.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What administrators see and do, what users do with their own logins and tokens, and what is written down of it. */
class AdministrationTest {
    private static EmbeddedServer gateway;
    private static Client admin;
    private static Database database;

    @BeforeAll
    static void start() {
        gateway = Gateways.withLogin("http://127.0.0.1:1", Map.of("slipway.edge.trusted-proxies", "127.0.0.0/8"));
        database = gateway.getApplicationContext().getBean(Database.class);
        admin = Client.nobody(gateway).register("the-admin", "first");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Client newUser() {
        String name = "user-" + UUID.randomUUID().toString().substring(0, 8);
        return Client.nobody(gateway).register(name, invite(1));
    }

    private static String invite(int uses) {
        return admin.post("/api/admin/invite-codes", "{\"maxUses\":" + uses + "}")
                .field("code");
    }

    private static String id(Client client) {
        return client.get("/auth/me").field("id");
    }

    @Test
    void whoIsNoAdministratorFindsNothing() {
        Client user = newUser();

        for (String path : List.of("users", "invite-codes", "invite-codes/stats", "stats", "audit", "audit/export")) {
            assertThat(user.get("/api/admin/" + path).status()).as(path).isEqualTo(404);
            assertThat(admin.get("/api/admin/" + path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void usersAreListedPageByPage() {
        newUser();

        Answer first = admin.get("/api/admin/users?limit=1");
        Answer all = admin.get("/api/admin/users?q=THE-ADMIN");

        assertThat(first.body()).contains("\"username\":\"the-admin\"", "\"role\":\"admin\"");
        assertThat(admin.get("/api/admin/users?limit=1&cursor=" + first.field("nextCursor"))
                        .body())
                .doesNotContain("the-admin");
        assertThat(all.body()).contains("\"nextCursor\":null");
    }

    @Test
    void whoIsDisabledIsOutAtOnceAndComesBackWhenEnabled() {
        Client user = newUser();
        String id = id(user);
        String token = user.post("/api/tokens", "{\"name\":\"t\"}").field("token");

        assertThat(admin.patch("/api/admin/users/" + id, "{\"disabled\":true}").status())
                .isEqualTo(200);

        assertThat(user.get("/auth/me").status()).isEqualTo(401);
        assertThat(user.as(token).get("/auth/me").status()).isEqualTo(401);
        admin.patch("/api/admin/users/" + id, "{\"disabled\":false}");
        assertThat(user.as(token).get("/auth/me").status()).isEqualTo(200);
        assertThat(user.get("/auth/me").status()).isEqualTo(401);
    }

    @Test
    void rolesChangeOnlyFromTheVersionThatWasRead() {
        String id = id(newUser());
        String tag = admin.get("/api/admin/users/" + id).header("ETag");

        assertThat(admin.patch("/api/admin/users/" + id, "{\"role\":\"admin\"}", "If-Match", tag)
                        .body())
                .contains("\"role\":\"admin\"");
        assertThat(admin.patch("/api/admin/users/" + id, "{\"role\":\"user\"}", "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertThat(admin.patch("/api/admin/users/" + id, "{\"role\":\"king\"}").status())
                .isEqualTo(400);
        admin.patch("/api/admin/users/" + id, "{\"role\":\"user\"}");
    }

    @Test
    void theLastAdministratorStays() {
        String id = id(admin);

        assertThat(admin.patch("/api/admin/users/" + id, "{\"role\":\"user\"}").status())
                .isEqualTo(409);
        assertThat(admin.patch("/api/admin/users/" + id, "{\"disabled\":true}").body())
                .contains("last-admin");
    }

    @Test
    void inviteCodesAreMadeUsedRevokedAndForgotten() {
        Answer made = admin.post("/api/admin/invite-codes", "{\"maxUses\":2,\"note\":\"for two\"}");
        String code = made.field("code");
        Client.nobody(gateway).register("guest-" + UUID.randomUUID().toString().substring(0, 6), code);

        assertThat(admin.get("/api/admin/invite-codes?limit=200").body())
                .contains("\"note\":\"for two\"", "\"usesRemaining\":1")
                .doesNotContain(code);
        assertThat(admin.post("/api/admin/invite-codes/" + made.field("id") + "/revoke", "")
                        .status())
                .isEqualTo(204);
        assertThat(registration("late-one", code).status()).isEqualTo(400);
        assertThat(admin.delete("/api/admin/invite-codes/" + made.field("id")).status())
                .isEqualTo(204);
        assertThat(admin.delete("/api/admin/invite-codes/" + made.field("id")).status())
                .isEqualTo(404);
        assertThat(admin.post("/api/admin/invite-codes/batch", "{\"count\":3,\"usesPerCode\":5}")
                        .body())
                .contains("\"maxUses\":5");
        assertThat(admin.get("/api/admin/invite-codes/stats").body()).contains("\"usesRemaining\":");
    }

    @Test
    void oneUseIsUsedOnceHoweverManyRegisterAtOnce() throws Exception {
        String code = invite(1);

        List<Integer> answers =
                atOnce(16, number -> registration("racer-" + number, code).status());

        assertThat(answers).containsOnlyOnce(201);
        assertThat(answers.stream().filter(status -> status == 400)).hasSize(15);
    }

    @Test
    void aUseThatCameToNothingIsGivenBack() {
        String code = invite(1);

        assertThat(registration("the-admin", code).status()).isEqualTo(409);
        assertThat(registration("given-back", code).status()).isEqualTo(201);
    }

    private static Answer registration(String name, String code) {
        return Client.nobody(gateway)
                .post(
                        "/auth/register",
                        "{\"username\":\"" + name + "\",\"email\":\"" + name
                                + "@example.com\",\"password\":\"long enough 1\",\"inviteCode\":\"" + code + "\"}");
    }

    private interface Numbered<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> atOnce(int count, Numbered<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<T>> all = IntStream.range(0, count)
                    .<Callable<T>>mapToObj(number -> () -> work.run(number))
                    .toList();
            List<T> results = new java.util.ArrayList<>();
            for (Future<T> result : threads.invokeAll(all)) {
                results.add(result.get());
            }
            return results;
        }
    }

    @Test
    void aLoginIsListedAndEndedWithAllThatCameOfIt() {
        Client user = newUser();
        Answer login = Client.nobody(gateway)
                .post("/auth/login", """
                {"username":"%s","password":"long enough 1"}
                """.formatted(user.get("/auth/me").field("username")), "User-Agent", "a phone");
        Client phone = user.as(login.field("token"));
        Answer sessions = user.get("/auth/sessions");
        String id = sessions.body().replaceFirst(".*\\{\"id\":\"([^\"]+)\"[^{]*\"a phone\".*", "$1");

        assertThat(sessions.body()).contains("\"userAgent\":\"a phone\"", "\"current\":true", "\"current\":false");
        assertThat(user.delete("/auth/sessions/" + id).status()).isEqualTo(204);

        assertThat(phone.get("/auth/me").status()).isEqualTo(401);
        assertThat(Client.nobody(gateway)
                        .post("/auth/refresh", "{\"refreshToken\":\"" + login.field("refreshToken") + "\"}")
                        .status())
                .isEqualTo(401);
        assertThat(user.get("/auth/me").status()).isEqualTo(200);
        assertThat(newUser().delete("/auth/sessions/" + id).status()).isEqualTo(404);
    }

    @Test
    void aRefreshTokenThatIsUsedTwiceEndsItsFamily() {
        Client user = newUser();
        Answer login = Client.nobody(gateway)
                .post("/auth/login", """
                {"username":"%s","password":"long enough 1"}
                """.formatted(user.get("/auth/me").field("username")));
        String first = "{\"refreshToken\":\"" + login.field("refreshToken") + "\"}";
        Answer second = Client.nobody(gateway).post("/auth/refresh", first);

        assertThat(second.status()).isEqualTo(200);
        assertThat(Client.nobody(gateway).post("/auth/refresh", first).status()).isEqualTo(401);
        assertThat(Client.nobody(gateway)
                        .post("/auth/refresh", "{\"refreshToken\":\"" + second.field("refreshToken") + "\"}")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void failedLoginsAreThrottledWithTheTimeToWait() {
        String body = "{\"username\":\"nobody-here\",\"password\":\"wrong\"}";
        for (int i = 0; i < 10; i++) {
            assertThat(Client.nobody(gateway)
                            .post("/auth/login", body, "X-Forwarded-For", "203.0.113." + i)
                            .status())
                    .isEqualTo(401);
        }

        Answer answer = Client.nobody(gateway).post("/auth/login", body, "X-Forwarded-For", "203.0.113.99");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(Long.parseLong(answer.header("Retry-After"))).isBetween(1L, 901L);
    }

    @Test
    void whatIsDoneIsWrittenDownAndNeverChanged() {
        Client user = newUser();
        String userId = id(user);
        String project = user.post("/api/projects", "{\"name\":\"Audited\"}", "X-Forwarded-For", "198.51.100.7")
                .field("id");
        newUser().delete("/api/projects/" + project);
        user.post("/api/invitations/very-secret-token/accept", "");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(log("?limit=50"))
                        .contains("\"target\":\"/api/invitations/…/accept\"")
                        .doesNotContain("very-secret-token"));
        assertThat(log("?actor=" + userId + "&action=POST"))
                .contains(
                        "\"target\":\"/api/projects\"", "\"outcome\":\"done\"", "\"address\":\"198.51.100.7\"", "201");
        assertThat(log("?project=" + project)).contains("\"action\":\"DELETE\"", "\"outcome\":\"refused\"", "404");
        assertThat(log("?action=register")).contains("\"actorName\":\"the-admin\"");
        assertThat(admin.get("/api/admin/audit/export").body().lines())
                .anyMatch(line -> line.startsWith("{") && line.contains(project));
        for (String change : List.of(
                "UPDATE audit_entry SET target = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry CASCADE")) {
            assertThatThrownBy(() -> database.change(change)).rootCause().hasMessageContaining("INSERT only");
        }
    }

    private static String log(String query) {
        return admin.get("/api/admin/audit" + query).body();
    }

    @Test
    void theLogIsPublished() {
        Client user = newUser();
        String userId = id(user);
        user.post("/api/projects", "{\"name\":\"Published\"}");

        Set<String> seen = ConcurrentHashMap.newKeySet();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", EmbeddedServers.kafka(),
                        "group.id", UUID.randomUUID().toString(),
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(AuditRecord.TOPIC));
            await().atMost(Duration.ofSeconds(30)).pollInSameThread().untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(message -> {
                    if (userId.equals(message.key())) {
                        seen.add(new String(message.value(), StandardCharsets.UTF_8));
                    }
                });
                assertThat(seen).anyMatch(text -> text.contains("\"target\":\"/api/projects\""));
            });
        }
        await().untilAsserted(
                        () -> assertThat(database.list("SELECT position FROM audit_unpublished", row -> row.getLong(1)))
                                .isEmpty());
    }

    @Test
    void aPostWithTheSameKeyIsDoneOnce() {
        Client user = newUser();

        Answer first = user.post("/api/projects", "{\"name\":\"Once\"}", "Idempotency-Key", "k1");
        Answer again = user.post("/api/projects", "{\"name\":\"Once\"}", "Idempotency-Key", "k1");
        Answer other = user.post("/api/projects", "{\"name\":\"Twice\"}", "Idempotency-Key", "k1");
        Answer token = user.post("/api/tokens", "{\"name\":\"t\"}", "Idempotency-Key", "k2");
        Answer bad = user.post("/api/projects", "{\"name\":\"\"}", "Idempotency-Key", "k3");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(other.status()).isEqualTo(422);
        assertThat(user.get("/api/projects").body()).containsOnlyOnce("\"name\":\"Once\"");
        assertThat(user.post("/api/tokens", "{\"name\":\"t\"}", "Idempotency-Key", "k2")
                        .body())
                .isEqualTo(token.body());
        assertThat(bad.status()).isEqualTo(400);
        assertThat(user.post("/api/projects", "{\"name\":\"\"}", "Idempotency-Key", "k3")
                        .header("Idempotent-Replayed"))
                .isEqualTo("true");
        assertThat(database.list(
                        "SELECT body FROM idempotent_answer WHERE key = 'k2'",
                        row -> new String(row.getBytes(1), StandardCharsets.ISO_8859_1)))
                .singleElement()
                .asString()
                .doesNotContain(token.field("token"));
    }

    @Test
    void limitsAreCheckedKeptAndTold() {
        Client user = newUser();
        String project = user.post("/api/projects", "{\"name\":\"Limited\"}").field("id");
        String path = "/api/projects/" + project + "/limits";
        String tag = user.get(path).header("ETag");

        assertThat(user.put(path, "{\"cpus\":-1}").status()).isEqualTo(400);
        assertThat(user.put(path, "{\"cpus\":2.5,\"sessions\":3}", "If-Match", tag)
                        .body())
                .contains("2.5");
        assertThat(user.put(path, "{\"cpus\":9}", "If-Match", tag).status()).isEqualTo(412);
        assertThat(user.get(path).body()).isEqualTo("{\"cpus\":2.5,\"sessions\":3}");
        assertThat(database.list(
                        "SELECT data FROM outbox WHERE project_id = ? AND type LIKE '%project.limits.changed.v1'",
                        row -> row.getString(1), project))
                .singleElement()
                .asString()
                .contains("\"cpus\":2.5");
    }

    @Test
    void aPreferenceChangesOnlyFromTheVersionThatWasRead() {
        Client user = newUser();
        String tag = user.put("/api/preferences/theme", "{\"value\":\"dark\"}").header("ETag");

        assertThat(user.put("/api/preferences/theme", "{\"value\":\"light\"}", "If-Match", tag)
                        .status())
                .isEqualTo(200);
        assertThat(user.put("/api/preferences/theme", "{\"value\":\"blue\"}", "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertThat(user.delete("/api/preferences/theme", "If-Match", tag).status())
                .isEqualTo(412);
    }
}
