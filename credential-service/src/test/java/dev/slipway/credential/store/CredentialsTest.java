package dev.slipway.credential.store;

import static dev.slipway.credential.testing.ServiceUnderTest.PROJECT;
import static dev.slipway.credential.testing.ServiceUnderTest.proxyOf;
import static dev.slipway.credential.testing.ServiceUnderTest.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.gateway.ProjectEvent.ProjectDeletionRequested;
import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Storing, seeing and deleting credentials, and what the proxy learns of it. */
class CredentialsTest {
    private static ServiceUnderTest service;

    @BeforeAll
    static void start() throws IOException {
        service = new ServiceUnderTest(Map.of("slipway.rules.tell-patience", "10s"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void empty() {
        service.execute("DELETE FROM credential");
        service.proxy.away = false;
    }

    @Test
    void aStoredKeyIsSeenWithoutItsSecret() {
        var stored = store("anthropic", "sk-ant-api03-0123456789abcdWXYZ");

        var shown = service.admin("GET", "/credentials/anthropic", "");

        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(shown.body())
                .isEqualTo(stored.body())
                .contains("\"provider\":\"anthropic\"", "\"name\":\"Anthropic\"", "\"authType\":\"api_key\"")
                .contains("\"isConfigured\":true", "\"last4\":\"WXYZ\"", "\"createdAt\":\"", "\"updatedAt\":\"")
                .doesNotContain("0123456789abcd");
    }

    @Test
    void storingAgainReplacesTheSecretAndKeepsTheId() {
        store("openai", "the-first-secret-of-openai");
        String id = service.query("SELECT id FROM credential").getFirst();

        store("openai", "the-second-secret-of-openai");

        assertThat(service.query("SELECT id || ' ' || version FROM credential")).containsExactly(id + " 2");
        assertThat(service.rules()).contains("the-second-secret").doesNotContain("the-first-secret");
    }

    @Test
    void aProjectWithoutCredentialsHasAnEmptyList() {
        assertThat(service.admin("GET", "/credentials", "").body()).isEqualTo("{\"credentials\":[]}");
    }

    @Test
    void aListIsPaged() {
        store("anthropic", "secret-one");
        store("github", "secret-two");

        var first = service.admin("GET", "/credentials?limit=1", "").body();
        String cursor = first.replaceFirst(".*\"nextCursor\":\"([^\"]+)\".*", "$1");
        var second = service.admin("GET", "/credentials?limit=1&cursor=" + cursor, "")
                .body();

        assertThat(first).startsWith("{\"credentials\":[").contains("anthropic").doesNotContain("github");
        assertThat(second).contains("github").doesNotContain("anthropic", "nextCursor\":\"");
    }

    @Test
    void aDeletedCredentialIsGoneAndItsRulesToo() {
        store("github", "ghp_gone");

        var deleted = service.admin("DELETE", "/credentials/github", "");

        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(deleted.body()).isEqualTo("{\"status\":\"deleted\"}");
        assertThat(service.admin("GET", "/credentials/github", "").statusCode()).isEqualTo(404);
        assertThat(service.admin("DELETE", "/credentials/github", "").statusCode())
                .isEqualTo(404);
        assertThat(service.rules()).contains("\"rules\":[]");
    }

    @Test
    void aChangeIsPushedToTheProxyAndTold() {
        int before = service.proxy.pushed.size();

        store("anthropic", "sk-pushed");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.proxy.pushed.stream()
                        .skip(before)
                        .anyMatch(push ->
                                push.startsWith("/internal/projects/p1/rules {") && push.contains("sk-pushed")));
        assertThat(service.query("SELECT type || data FROM outbox ORDER BY position DESC LIMIT 1"))
                .containsExactly("dev.slipway.credential.changed.v1{\"provider\":\"anthropic\",\"action\":\"stored\"}");
    }

    @Test
    void aProxyThatWasAwayLearnsTheNewestRulesWhenItIsBack() {
        service.proxy.away = true;
        store("anthropic", "sk-missed");
        int before = service.proxy.pushed.size();
        store("anthropic", "sk-newest");

        service.proxy.away = false;

        await().atMost(Duration.ofSeconds(15)).until(() -> service.proxy.pushed.size() > before);
        assertThat(service.proxy.pushed.getLast()).contains("sk-newest").doesNotContain("sk-missed");
    }

    @Test
    void theNumberOfTheRulesRisesWithEachChangeAndSurvivesTheLastDeletion() {
        long start = version();
        store("anthropic", "secret-one");
        long stored = version();
        service.admin("DELETE", "/credentials/anthropic", "");

        assertThat(stored).isEqualTo(start + 1);
        assertThat(version()).isEqualTo(start + 2);
    }

    @Test
    void changesAtOnceAreCountedOneByOneAndTheLastPushHoldsThemAll() throws Exception {
        long start = version();

        try (var admins = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String body =
                        "{\"provider\":\"c%d\",\"apiKey\":\"at-once-%d\",\"host\":\"h%d.example.com\",\"header\":\"A\"}"
                                .formatted(i, i, i);
                admins.submit(() -> service.admin("POST", "/credentials", body));
            }
        }

        assertThat(version()).isEqualTo(start + 20);
        await().untilAsserted(() -> assertThat(service.proxy.pushed.getLast())
                .contains("\"version\":" + (start + 20) + ",")
                .satisfies(push -> assertThat(push.split("at-once-", -1)).hasSize(21)));
    }

    @Test
    void whoIsAnsweredCanRelyOnTheProxyKnowing() {
        for (int i = 0; i < 20; i++) {
            String value = "sk-known-" + i + "-";
            service.admin("POST", "/credentials", "{\"provider\":\"anthropic\",\"apiKey\":\"" + value + "\"}");
            assertThat(service.proxy.pushed).as("as the answer comes").anyMatch(each -> each.contains(value));
        }
        int before = service.proxy.pushed.size();
        service.admin("DELETE", "/credentials/anthropic", "");
        assertThat(service.proxy.pushed.stream().skip(before))
                .as("as the answer comes")
                .anyMatch(each -> !each.contains("sk-known"));

        service.proxy.away = true;
        long begin = System.nanoTime();
        var answer = service.admin("POST", "/credentials", "{\"provider\":\"anthropic\",\"apiKey\":\"sk-later\"}");
        long took = System.nanoTime() - begin;
        service.proxy.away = false;

        assertThat(answer.statusCode())
                .as("a proxy that is away holds nothing up")
                .isEqualTo(200);
        assertThat(took).isLessThan(8_000_000_000L);
        await().untilAsserted(() -> assertThat(service.proxy.pushed.getLast()).contains("sk-later"));
    }

    @Test
    void aRotatedKeyReachesTheProxy() {
        store("anthropic", "sk-leaked");
        await().until(() -> service.proxy.pushed.getLast().contains("sk-leaked"));

        store("anthropic", "sk-fresh");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> service.proxy.pushed.getLast().contains("sk-fresh"));
    }

    @Test
    void aDeletedKeyIsTakenFromTheProxy() {
        store("anthropic", "sk-leaked");
        await().until(() -> service.proxy.pushed.getLast().contains("sk-leaked"));

        service.admin("DELETE", "/credentials/anthropic", "");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> !service.proxy.pushed.getLast().contains("sk-leaked"));
    }

    @Test
    void aProjectThatGoesTakesItsCredentialsWithIt() {
        store("anthropic", "sk-going");
        store("github", "ghp-going");

        service.tell(new ProjectDeletionRequested("ana"));

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(service.query("SELECT id FROM credential")).isEmpty();
            assertThat(service.proxy.pushed.getLast()).contains("\"rules\":[]");
        });
    }

    @Test
    void membersSeeAndAdminsChange() {
        store("anthropic", "secret-one");
        String body = "{\"provider\":\"github\",\"apiKey\":\"x\"}";

        assertThat(as(Role.MEMBER, "GET", "/credentials", "")).isEqualTo(200);
        assertThat(as(Role.MEMBER, "GET", "/credentials/providers", "")).isEqualTo(200);
        assertThat(as(Role.MEMBER, "POST", "/credentials", body)).isEqualTo(403);
        assertThat(as(Role.MEMBER, "DELETE", "/credentials/anthropic", "")).isEqualTo(403);
        assertThat(as(Role.OWNER, "POST", "/credentials", body)).isEqualTo(200);
    }

    @Test
    void rulesAreForTheProxyAloneAndForTheProjectOfItsToken() {
        assertThat(service.call(proxyOf(PROJECT), "GET", PROJECT, "/rules", "").statusCode())
                .isEqualTo(200);
        assertThat(service.call(proxyOf("p2"), "GET", PROJECT, "/rules", "").statusCode())
                .isEqualTo(404);
        assertThat(service.call(user(Role.OWNER), "GET", PROJECT, "/rules", "").statusCode())
                .isEqualTo(403);
        Caller other = Caller.system("session-service", PROJECT);
        assertThat(service.call(other, "GET", PROJECT, "/rules", "").statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | provider     | {'apiKey':'x'}",
                "400 | provider     | {'provider':'Not A Name','apiKey':'x'}",
                "400 | provider     | {'provider':'unheard-of','apiKey':'x'}",
                "400 | apiKey       | {'provider':'anthropic'}",
                "400 | apiKey       | {'provider':'anthropic','apiKey':'  '}",
                "400 | value        | {'provider':'anthropic','apiKey':'x','value':'y'}",
                "422 | apiKey       | {'provider':'anthropic','apiKey':'two\\r\\nlines'}",
                "422 | apiKey       | {'provider':'anthropic','apiKey':'slipway-placeholder'}",
                "422 | authType     | {'provider':'anthropic','apiKey':'x','authType':'oauth'}",
                "422 | authType     | {'provider':'anthropic','apiKey':'x','authType':'header'}",
                "400 | host         | {'provider':'custom','apiKey':'x','header':'X-Key'}",
                "422 | host         | {'provider':'custom','apiKey':'x','header':'X-Key','host':'*'}",
                "422 | host         | {'provider':'custom','apiKey':'x','header':'X-Key','host':'*.com'}",
                "422 | host         | {'provider':'custom','apiKey':'x','header':'X-Key','host':'https://a.example.com/x'}",
                "422 | host         | {'provider':'custom','apiKey':'x','header':'X-Key','host':'workspace.slipway.internal'}",
                "400 | header       | {'provider':'custom','apiKey':'x','host':'a.example.com'}",
                "400 | header       | {'provider':'custom','apiKey':'x','host':'a.example.com','header':'A','query':'b'}",
                "422 | header       | {'provider':'custom','apiKey':'x','host':'a.example.com','header':'Bad Name'}",
                "422 | header       | {'provider':'custom','apiKey':'x','host':'a.example.com','header':'Content-Length'}",
                "422 | pathPrefix   | {'provider':'custom','apiKey':'x','host':'a.example.com','header':'A','pathPrefix':'/a/../b'}",
                "422 | template     | {'provider':'custom','apiKey':'x','host':'a.example.com','header':'A','template':'Bearer'}",
                "400 | host         | {'provider':'registry','apiKey':'x','username':'u'}",
                "400 | username     | {'provider':'registry','apiKey':'x','host':'registry.example.com'}",
            })
    void whatMakesNoSenseIsRefusedAndSaysWhichField(int status, String field, String body) {
        var answer = service.admin("POST", "/credentials", body.replace('\'', '"'));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"", "expected");
    }

    @Test
    void twoCredentialsForTheVerySamePlaceAreRefused() {
        store("anthropic", "secret-one");

        var second = service.admin(
                "POST",
                "/credentials",
                "{\"provider\":\"mine\",\"apiKey\":\"y\",\"host\":\"api.anthropic.com\",\"pathPrefix\":\"/v1/\",\"header\":\"X-API-Key\"}");

        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("anthropic goes to the same place");
    }

    private static java.net.http.HttpResponse<String> store(String provider, String secret) {
        return service.admin(
                "POST", "/credentials", "{\"provider\":\"" + provider + "\",\"apiKey\":\"" + secret + "\"}");
    }

    private static int as(Role role, String method, String path, String body) {
        return service.call(user(role), method, PROJECT, path, body).statusCode();
    }

    private static long version() {
        return Long.parseLong(service.rules().replaceFirst("\\{\"version\":(\\d+),.*", "$1"));
    }
}
