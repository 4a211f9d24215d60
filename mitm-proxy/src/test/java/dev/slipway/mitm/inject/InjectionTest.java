package dev.slipway.mitm.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.contracts.credential.Condition;
import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.contracts.credential.InjectionRules;
import dev.slipway.contracts.credential.RuleScope;
import dev.slipway.mitm.address.HostPort;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which request gets which credential. */
@NullMarked
class InjectionTest {
    private static final RuleSubject SUBJECT = new RuleSubject("u1", "w1", "claude-code", null);
    private static final HostPort API = HostPort.parse("api.example.com:443", 0);

    @Test
    void theMoreExactHostWinsWhateverTheOrder() {
        InjectionRule exact = rule("1", "api.example.com", null, "set", "X-Key", "exact");
        InjectionRule wildcard = rule("2", "*.example.com", null, "set", "x-key", "wildcard");
        InjectionRule any = rule("3", "*", null, "set", "X-KEY", "any");

        assertThat(applied("/", any, wildcard, exact).headers().getAll("X-Key")).containsExactly("exact");
        assertThat(applied("/", exact, wildcard, any).headers().getAll("X-Key")).containsExactly("exact");
        assertThat(applied("/", any, wildcard).headers().getAll("X-Key")).containsExactly("wildcard");
    }

    @Test
    void aPersonsRuleBeatsTheProjectsAndServesThatPersonAlone() {
        InjectionRule projects = rule("1", "api.example.com", null, "set", "X-Key", "project");
        InjectionRule mine = scoped("2", "mine", new RuleScope("u1", List.of(), List.of(), List.of()));
        InjectionRule another = scoped("0", "another", new RuleScope("u2", List.of(), List.of(), List.of()));

        assertThat(applied("/", projects, another, mine).headers().get("X-Key")).isEqualTo("mine");
        assertThat(applied("/", projects, another).headers().get("X-Key")).isEqualTo("project");
        assertThat(applied("/", another).headers().get("X-Key")).isNull();
    }

    @Test
    void aMoreExactPathBeatsAPerson() {
        InjectionRule mine = scoped("2", "mine", new RuleScope("u1", List.of(), List.of(), List.of()));
        InjectionRule exact = rule("1", "api.example.com", "/v1", "set", "X-Key", "exact");

        assertThat(applied("/v1", mine, exact).headers().get("X-Key")).isEqualTo("exact");
    }

    @ParameterizedTest
    @CsvSource({
        "w1,claude-code,GET,true",
        "w2,claude-code,GET,false",
        "w1,codex,GET,false",
        "w1,claude-code,POST,false",
        "'','','',true"
    })
    void aRuleHoldsWithinAllOfItsScope(String workspaces, String agents, String methods, boolean put) {
        RuleScope scope = new RuleScope(null, list(workspaces), list(agents), list(methods));

        assertThat(applied("/", scoped("1", "x", scope)).headers().contains("X-Key"))
                .isEqualTo(put);
    }

    @Test
    void aSubjectWithOneCredentialGetsNoOtherAndSaysWhichItGot() {
        RuleSubject narrow = new RuleSubject("u1", "w1", "git", "credential-2");
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        InjectionRule other = scoped("1", "one", RuleScope.PROJECT);
        InjectionRule own = scoped("2", "two", RuleScope.PROJECT);

        assertThat(Injection.apply(rules(other, own), narrow, request, API)).containsExactly("credential-2");
        assertThat(request.headers().getAll("X-Key")).containsExactly("two");
    }

    private static InjectionRule scoped(String id, String value, RuleScope scope) {
        return new InjectionRule(
                "rule-" + id,
                "test",
                "api.example.com",
                null,
                "set",
                "X-Key",
                value,
                List.of(),
                scope,
                "credential-" + id);
    }

    private static List<String> list(String one) {
        return one.isEmpty() ? List.of() : List.of(one);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1,true",
        "/v1/messages,true",
        "/v1?x=1,true",
        "/v10,false",
        "/telemetry,false",
        "/v1/../telemetry,false",
        "/v1/%2e%2e/telemetry,false",
        "/v1/%2E%2E/telemetry,false",
        "/v1//x,false",
        "/v1/..;/x,false",
        "/v1\\x,false",
        "/V1,false"
    })
    void aRuleWithAPathHoldsForThatPathAndBelow(String path, boolean signed) {
        HttpRequest request = applied(path, rule("1", "api.example.com", "/v1", "set", "X-Key", "secret"));

        assertThat(request.headers().contains("X-Key")).isEqualTo(signed);
    }

    @Test
    void aRuleForAnotherHostOrPortDoesNothing() {
        assertThat(applied("/", rule("1", "other.example.com", null, "set", "X-Key", "s"))
                        .headers()
                        .contains("X-Key"))
                .isFalse();
        assertThat(applied("/", rule("1", "api.example.com:8443", null, "set", "X-Key", "s"))
                        .headers()
                        .contains("X-Key"))
                .isFalse();
        assertThat(applied("/", rule("1", "a*b", null, "set", "X-Key", "s"))
                        .headers()
                        .contains("X-Key"))
                .isFalse();
    }

    @Test
    void allConditionsMustHoldExactly() {
        InjectionRule rule = new InjectionRule(
                "1",
                "p",
                "api.example.com",
                null,
                "set",
                "Authorization",
                "real",
                List.of(new Condition("Authorization", "slipway-placeholder")));
        HttpRequest request = request("/");

        Injection.apply(rules(rule), SUBJECT, request, API);
        assertThat(request.headers().contains("Authorization")).isFalse();

        request.headers().set("Authorization", "slipway-placeholder");
        Injection.apply(rules(rule), SUBJECT, request, API);
        assertThat(request.headers().get("Authorization")).isEqualTo("real");
    }

    @Test
    void twoRulesThatFitEquallyWellAreRefused() {
        InjectionRule one = rule("1", "api.example.com", null, "set", "X-Key", "a");
        InjectionRule other = rule("2", "api.example.com", null, "set", "X-Key", "b");

        assertThatThrownBy(() -> applied("/", one, other))
                .isInstanceOf(Injection.AmbiguousRules.class)
                .hasMessageNotContaining("a, b")
                .hasMessageContaining("1");
        assertThat(applied("/", one, rule("2", "api.example.com", null, "set", "X-Key", "a"))
                        .headers()
                        .get("X-Key"))
                .isEqualTo("a");
    }

    @Test
    void eachActionDoesWhatItsNameSays() {
        HttpRequest request = applied(
                "/x?key=slipway-placeholder&q=1",
                rule("1", "api.example.com", null, "query", "key", "s&t"),
                rule("2", "api.example.com", null, "basic", "user", "pass"),
                rule("3", "api.example.com", null, "remove", "X-Gone", ""),
                rule("4", "api.example.com", null, "append", "X-List", "b"));

        assertThat(request.uri()).isEqualTo("/x?q=1&key=s%26t");
        assertThat(request.headers().get("Authorization")).isEqualTo("Basic " + base64("user:pass"));
        assertThat(request.headers().contains("X-Gone")).isFalse();
        assertThat(request.headers().get("X-List")).isEqualTo("a, b");
    }

    @Test
    void thePlaceholderNeverLeaves() {
        HttpRequest request = request("/x?a=1&key=slipway%2Dplaceholder&b=2");
        request.headers().add("Authorization", "Bearer slipway-placeholder");
        request.headers().add("X-Basic", "Basic " + base64("x:slipway-placeholder"));
        request.headers().add("Cookie", "k=slipway-placeholder; other=1");
        assertThat(Placeholder.in(request)).isTrue();

        Placeholder.remove(request);

        assertThat(request.uri()).isEqualTo("/x?a=1&b=2");
        assertThat(request.headers().names()).containsExactlyInAnyOrder("X-Gone", "X-List");
        assertThat(Placeholder.in(request)).isFalse();
    }

    @Test
    void aLogShowsNoValueOfAQuery() {
        assertThat(Query.redacted("/a?key=secret&flag&=x")).isEqualTo("/a?key=…&…&=…");
    }

    @Test
    void aLogShowsNoCredentialThatAServerSentBack() {
        RuleSet rules = rules(
                rule("a", "api.example.com", null, "set", "Authorization", "Bearer sk-0123456789"),
                rule("b", "api.example.com", null, "query", "key", "a+b/0123456789"),
                rule("c", "api.example.com", null, "set", "X-Flag", "true"));

        assertThat(rules.withoutSecrets("/echo/sk-0123456789/true", 99)).isEqualTo("/echo/…/true");
        assertThat(rules.withoutSecrets("/a%2Bb%2F0123456789/a+b/0123456789", 99))
                .isEqualTo("/…/…");
    }

    @Test
    void ofALongTargetOnlyWhatTheLogShowsIsLookedAtAndNoHalfOfACredentialStays() {
        RuleSet rules = rules(rule("a", "api.example.com", null, "set", "Authorization", "Bearer sk-0123456789"));

        for (int before = 0; before < 90; before++) {
            String target = "/" + "a".repeat(before) + "sk-0123456789/".repeat(5_000);
            assertThat(rules.withoutSecrets(target, 50))
                    .hasSizeLessThanOrEqualTo(51)
                    .endsWith("…")
                    .doesNotContain("s");
        }
        assertThat(rules.withoutSecrets("/" + "a".repeat(99), 50)).isEqualTo("/" + "a".repeat(49) + "…");
        assertThat(rules().withoutSecrets("/" + "a".repeat(99), 50)).isEqualTo("/" + "a".repeat(49) + "…");
    }

    @Test
    void rulesDoNotSayTheirCredentials() {
        RuleSet rules = rules(rule("a", "api.example.com", null, "set", "Authorization", "Bearer sk-0123456789"));

        assertThat(rules.toString()).contains("rules=1").doesNotContain("0123456789");
    }

    private static HttpRequest applied(String path, InjectionRule... rules) {
        HttpRequest request = request(path);
        Injection.apply(rules(rules), SUBJECT, request, API);
        return request;
    }

    private static RuleSet rules(InjectionRule... rules) {
        return RuleSet.of(new InjectionRules(1, List.of(rules)));
    }

    private static HttpRequest request(String path) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers().set("X-Gone", "x").set("X-List", "a");
        return request;
    }

    private static InjectionRule rule(
            String id, String host, @Nullable String path, String action, String name, String value) {
        return new InjectionRule(id, "p", host, path, action, name, value, List.of());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
