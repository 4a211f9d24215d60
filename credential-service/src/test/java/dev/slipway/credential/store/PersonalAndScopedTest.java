package dev.slipway.credential.store;

import static dev.slipway.credential.testing.ServiceUnderTest.PROJECT;
import static dev.slipway.credential.testing.ServiceUnderTest.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.contracts.credential.RuleScope;
import dev.slipway.contracts.gateway.ProjectEvent.MemberChanged;
import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose a credential is, what it is limited to, and which of two is used. */
class PersonalAndScopedTest {
    private static final Caller ANA = user(Role.OWNER);
    private static final Caller BEN = user("ben", Role.MEMBER);

    private static ServiceUnderTest service;

    @BeforeAll
    static void start() throws IOException {
        service = new ServiceUnderTest();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void empty() {
        service.execute("DELETE FROM credential");
    }

    @Test
    void aPersonalCredentialIsSeenByItsOwnerAlone() {
        String id = id(post(BEN, "'provider':'github','apiKey':'ghp-ben','personal':true"));

        assertThat(get(BEN, "").body()).contains(id, "\"personal\":true");
        assertThat(get(ANA, "").body()).isEqualTo("{\"credentials\":[]}");
        for (String path : List.of("/" + id, "/github", "/" + id + "/uses")) {
            assertThat(get(ANA, path).statusCode()).as(path).isEqualTo(404);
            assertThat(get(BEN, path).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(call(ANA, "DELETE", "/" + id, "").statusCode()).isEqualTo(404);
        assertThat(call(ANA, "POST", "/" + id + "/test", "").statusCode()).isEqualTo(404);
        assertThat(call(ANA, "PUT", "/" + id + "/scope", "{}").statusCode()).isEqualTo(404);
        assertThat(call(BEN, "DELETE", "/" + id, "").statusCode()).isEqualTo(200);
    }

    @Test
    void theEventNamesTheOwner() {
        post(BEN, "'provider':'github','apiKey':'ghp-ben','personal':true");

        assertThat(service.query("SELECT data FROM outbox ORDER BY position DESC LIMIT 1"))
                .containsExactly("{\"provider\":\"github\",\"action\":\"stored\",\"userId\":\"ben\"}");
    }

    @Test
    void membersChangeTheirOwnAndAdminsTheProjects() {
        assertThat(post(BEN, "'provider':'github','apiKey':'x'").statusCode()).isEqualTo(403);
        post(ANA, "'provider':'github','apiKey':'ghp-all'");

        assertThat(call(BEN, "DELETE", "/github", "").statusCode()).isEqualTo(403);
        assertThat(call(BEN, "PUT", "/github/scope", "{}").statusCode()).isEqualTo(403);
        assertThat(call(BEN, "POST", "/github/test", "").statusCode()).isEqualTo(403);
    }

    @Test
    void thePersonalOneStandsBeforeTheProjectsAndThatIsSeen() {
        String projects = id(post(ANA, "'provider':'github','apiKey':'ghp-all'"));
        String bens = id(post(BEN, "'provider':'github','apiKey':'ghp-ben','personal':true"));

        assertThat(get(BEN, "/" + projects).body()).contains("\"effective\":false", "\"shadowedBy\":\"" + bens + "\"");
        assertThat(get(BEN, "/github").body()).contains(bens, "\"effective\":true");
        assertThat(get(BEN, "/github?personal=false").body()).contains(projects);
        assertThat(get(ANA, "/github").body()).contains(projects, "\"effective\":true");
        assertThat(rules())
                .extracting(rule -> rule.scope().userId() + " " + rule.name() + " " + rule.value())
                .containsExactlyInAnyOrder(
                        "null Authorization Bearer ghp-all",
                        "null x-access-token ghp-all",
                        "ben Authorization Bearer ghp-ben",
                        "ben x-access-token ghp-ben");
    }

    @Test
    void aPersonalKeyStandsBeforeTheProjectsTokenToo() {
        String projects = id(post(ANA, "'provider':'anthropic','apiKey':'sk-ant-oat01-abcdefghijkl'"));
        String bens = id(post(BEN, "'provider':'anthropic','apiKey':'sk-ben','personal':true"));

        assertThat(get(BEN, "/" + projects).body()).contains("\"effective\":false", "\"shadowedBy\":\"" + bens + "\"");
        assertThat(get(ANA, "/" + projects).body()).contains("\"effective\":true");
    }

    @Test
    void aLimitedPersonalOneLeavesTheProjectsInUseElsewhere() {
        String projects = id(post(ANA, "'provider':'github','apiKey':'ghp-all'"));
        post(BEN, "'provider':'github','apiKey':'ghp-ben','personal':true,'scope':{'workspaces':['w1']}");

        assertThat(get(BEN, "/" + projects).body()).contains("\"effective\":true");
    }

    @Test
    void aPersonalTokenTakesAwayTheKeyThatTheProjectWouldAdd() {
        post(ANA, "'provider':'anthropic','apiKey':'sk-all'");
        post(BEN, "'provider':'anthropic','apiKey':'sk-ant-oat01-bens-token','personal':true");

        assertThat(rules().stream().filter(rule -> "ben".equals(rule.scope().userId())))
                .anyMatch(rule -> rule.action().equals("remove")
                        && rule.name().equals("x-api-key")
                        && rule.conditions().isEmpty());
    }

    @Test
    void aNameThatMeansTwoIsNotDeletedByChance() {
        post(ANA, "'provider':'github','apiKey':'ghp-all'");
        post(ANA, "'provider':'github','apiKey':'ghp-ana','personal':true");

        var unclear = call(ANA, "DELETE", "/github", "");

        assertThat(unclear.statusCode()).isEqualTo(409);
        assertThat(unclear.body()).contains("problems/two-of-that-name");
        assertThat(call(ANA, "DELETE", "/github?personal=false", "").statusCode())
                .isEqualTo(200);
        assertThat(get(ANA, "/github").body()).contains("\"personal\":true");
    }

    @Test
    void aListOfBothIsPagedByNameAndId() {
        post(ANA, "'provider':'github','apiKey':'ghp-all'");
        post(ANA, "'provider':'github','apiKey':'ghp-ana','personal':true");
        post(ANA, "'provider':'google','apiKey':'AIza'");

        String first = get(ANA, "?limit=1").body();
        String cursor = first.replaceFirst(".*\"nextCursor\":\"([^\"]+)\".*", "$1");
        String rest = get(ANA, "?limit=2&cursor=" + cursor).body();

        assertThat(first + rest).contains("\"personal\":true", "\"personal\":false", "google");
        assertThat(rest).doesNotContain("nextCursor");
    }

    @Test
    void aScopeIsInEveryRule() {
        String id = id(
                post(
                        ANA,
                        "'provider':'github','apiKey':'ghp','scope':{'workspaces':['w1','w2'],'agents':['codex'],'methods':['get','Head']}"));

        assertThat(rules()).hasSize(2).allSatisfy(rule -> {
            assertThat(rule.scope())
                    .isEqualTo(new RuleScope(null, List.of("w1", "w2"), List.of("codex"), List.of("GET", "HEAD")));
            assertThat(rule.credentialId()).isEqualTo(id);
        });
    }

    @Test
    void aPathIsNarrowedAndNeverWidened() {
        post(ANA, "'provider':'openai','apiKey':'sk','scope':{'paths':['/v1/models','/v1','/other']}");
        post(ANA, "'provider':'github','apiKey':'ghp','scope':{'paths':['/repos/acme/shop']}");

        assertThat(rules())
                .extracting(rule -> rule.host() + " " + rule.pathPrefix())
                .containsExactly(
                        "api.github.com /repos/acme/shop",
                        "github.com /repos/acme/shop",
                        "api.openai.com /v1/models",
                        "api.openai.com /v1/");
    }

    @Test
    void twoForOnePlaceCanBeStoredIfNoSessionCouldMeanBoth() {
        post(ANA, "'provider':'github','apiKey':'ghp-1','scope':{'workspaces':['w1']}");
        String other = "'provider':'github-two','kind':'github','apiKey':'ghp-2'";

        assertThat(post(ANA, other).body()).contains("problems/same-place");
        assertThat(post(ANA, other + ",'scope':{'workspaces':['w2']}").statusCode())
                .isEqualTo(200);
        assertThat(call(ANA, "PUT", "/github-two/scope", "{}").body()).contains("problems/same-place");
        assertThat(rules()).hasSize(4);
    }

    @Test
    void aCredentialIsLimitedAnewWithoutItsSecret() {
        post(ANA, "'provider':'openai','apiKey':'sk-kept'");

        var limited = call(ANA, "PUT", "/openai/scope", "{'agents':['codex'],'paths':['/v1/models']}");

        assertThat(limited.body()).contains("\"agents\":[\"codex\"]", "\"paths\":[\"/v1/models\"]");
        assertThat(rules()).singleElement().satisfies(rule -> {
            assertThat(rule.value()).isEqualTo("Bearer sk-kept");
            assertThat(rule.scope().agents()).containsExactly("codex");
        });
        assertThat(call(ANA, "PUT", "/openai/scope", "{'paths':['/elsewhere']}").statusCode())
                .isEqualTo(422);
    }

    @Test
    void whoLeavesTheProjectTakesTheirOwnWithThem() {
        post(ANA, "'provider':'github','apiKey':'ghp-all'");
        post(BEN, "'provider':'github','apiKey':'ghp-ben','personal':true");

        service.tell(new MemberChanged("ben", "admin"));
        service.tell(new MemberChanged("ben", null));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(service.query("SELECT coalesce(user_id, 'project') FROM credential"))
                        .containsExactly("project"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "422 | scope.workspaces | {'provider':'google','apiKey':'x','scope':{'workspaces':['../w']}}",
                "422 | scope.agents     | {'provider':'google','apiKey':'x','scope':{'agents':['Not An Agent']}}",
                "422 | scope.methods    | {'provider':'google','apiKey':'x','scope':{'methods':['GE T']}}",
                "422 | scope.paths      | {'provider':'google','apiKey':'x','scope':{'paths':['v1']}}",
                "422 | scope.paths      | {'provider':'google','apiKey':'x','scope':{'paths':['/a/../b']}}",
                "422 | scope.paths      | {'provider':'anthropic','apiKey':'x','scope':{'paths':['/telemetry']}}",
                "422 | kind             | {'provider':'mine','kind':'unheard-of','apiKey':'x'}",
                "422 | kind             | {'provider':'github','kind':'gitlab','apiKey':'x'}",
                "422 | host             | {'provider':'github-copilot','host':'*.ghe.com','apiKey':'x'}",
                "422 | personal         | {'provider':'ssh','generate':'ed25519','personal':true}",
                "422 | scope            | {'provider':'ssh','generate':'ed25519','scope':{'agents':['codex']}}",
                "422 | generate         | {'provider':'ssh','generate':'dsa'}",
                "422 | generate         | {'provider':'google','apiKey':'x','generate':'rsa'}",
                "400 | generate         | {'provider':'ssh','generate':'rsa','apiKey':'x'}",
                "422 | apiKey           | {'provider':'ssh','apiKey':'not a key'}",
            })
    void whatMakesNoSenseIsRefusedAndSaysWhichField(int status, String field, String body) {
        var answer = call(ANA, "POST", "", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"", "expected");
    }

    private static HttpResponse<String> post(Caller caller, String fields) {
        return call(caller, "POST", "", "{" + fields + "}");
    }

    private static HttpResponse<String> get(Caller caller, String path) {
        return call(caller, "GET", path, "");
    }

    private static HttpResponse<String> call(Caller caller, String method, String path, String body) {
        return service.call(caller, method, PROJECT, "/credentials" + path, body.replace('\'', '"'));
    }

    private static String id(HttpResponse<String> stored) {
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
        return stored.body().replaceFirst("\\{\"id\":\"([^\"]+)\".*", "$1");
    }

    private static List<InjectionRule> rules() {
        try {
            return Objects.requireNonNull(
                            service.bean(ObjectMapper.class).readValue(service.rules(), InjectionRules.class))
                    .rules();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
