package dev.slipway.credential.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.credential.Condition;
import dev.slipway.contracts.credential.InjectionRule;
import dev.slipway.credential.testing.ServiceUnderTest;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules that each kind of credential becomes. */
class RulesTest {
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
    void anAnthropicKeyGoesIntoItsHeaderAndThePlaceholderTokenIsTakenAway() {
        store("'provider':'anthropic','apiKey':'sk-1'");

        assertThat(rules())
                .containsExactly(
                        rule("anthropic", "api.anthropic.com", "/v1/", "set", "x-api-key", "sk-1"),
                        rule(
                                "anthropic",
                                "api.anthropic.com",
                                "/v1/",
                                "remove",
                                "authorization",
                                "",
                                new Condition("authorization", "Bearer slipway-placeholder")));
    }

    @Test
    void aPastedSetupTokenOfAnthropicIsABearerToken() {
        store("'provider':'anthropic','apiKey':'sk-ant-oat01-abcdefghijkl'");

        assertThat(rules())
                .containsExactly(
                        rule(
                                "anthropic",
                                "api.anthropic.com",
                                "/v1/",
                                "set",
                                "Authorization",
                                "Bearer sk-ant-oat01-abcdefghijkl"),
                        rule(
                                "anthropic",
                                "api.anthropic.com",
                                "/v1/",
                                "remove",
                                "x-api-key",
                                "",
                                new Condition("x-api-key", "slipway-placeholder")),
                        rule("anthropic", "api.anthropic.com", "/v1/", "append", "anthropic-beta", "oauth-2025-04-20"));
        assertThat(service.query(
                        "SELECT auth_type || ' ' || (expires_at - created_at > interval '364 days') FROM credential"))
                .containsExactly("oauth true");
    }

    @Test
    void codexAndOpenAiCanBothBeStoredAndTheLongerPathWins() {
        store("'provider':'openai','apiKey':'sk-o'");
        store("'provider':'codex','apiKey':'sk-c'");

        assertThat(rules())
                .containsExactly(
                        rule("codex", "api.openai.com", "/v1/responses", "set", "Authorization", "Bearer sk-c"),
                        rule("codex", "api.openai.com", "/v1", "set", "Authorization", "Bearer sk-c"),
                        rule("openai", "api.openai.com", "/v1/", "set", "Authorization", "Bearer sk-o"));
    }

    @Test
    void gitOverHttpsIsBasicAndTheApiHasItsOwnHeader() {
        store("'provider':'github','apiKey':'ghp'");
        store("'provider':'gitlab','apiKey':'glpat','host':'git.example.com'");

        assertThat(rules())
                .containsExactly(
                        rule("github", "api.github.com", null, "set", "Authorization", "Bearer ghp"),
                        rule("github", "github.com", null, "basic", "x-access-token", "ghp"),
                        rule("gitlab", "git.example.com", "/api/", "set", "PRIVATE-TOKEN", "glpat"),
                        rule("gitlab", "git.example.com", null, "basic", "oauth2", "glpat"));
    }

    @Test
    void geminiNpmAndRegistriesHaveTheirPlaces() {
        store("'provider':'google','apiKey':'AIza'");
        store("'provider':'npm','apiKey':'npm_1','host':'npm.example.com'");
        store("'provider':'registry','apiKey':'pass','username':'robot','host':'registry.example.com:5000'");

        assertThat(rules())
                .containsExactly(
                        rule("google", "generativelanguage.googleapis.com", null, "set", "x-goog-api-key", "AIza"),
                        rule("npm", "npm.example.com", null, "set", "Authorization", "Bearer npm_1"),
                        rule("registry", "registry.example.com:5000", null, "basic", "robot", "pass"));
    }

    @Test
    void aCustomCredentialGoesWhereItsUserSays() {
        store("'provider':'custom','authType':'header','apiKey':'k1','host':'API.example.com','header':'X-Key'");
        store("'provider':'maps','apiKey':'k2','host':'*.maps.example.com','query':'key','pathPrefix':'/v2'");
        store(
                "'provider':'tokens','value':'k3','host':'t.example.com','header':'Authorization','template':'Token {secret}'");
        store("'provider':'wiki','apiKey':'k4','host':'w.example.com','username':'bot'");

        assertThat(rules())
                .containsExactly(
                        rule("custom", "api.example.com", null, "set", "X-Key", "k1"),
                        rule("maps", "*.maps.example.com", "/v2", "query", "key", "k2"),
                        rule("tokens", "t.example.com", null, "set", "Authorization", "Token k3"),
                        rule("wiki", "w.example.com", null, "basic", "bot", "k4"));
    }

    @Test
    void aSecretThatWasTamperedWithIsLeftOutAndSaysSoWhileTheOthersHold() {
        store("'provider':'anthropic','apiKey':'sk-broken'");
        store("'provider':'google','apiKey':'AIza'");
        service.execute(
                "UPDATE credential SET sealed = set_byte(sealed, 90, get_byte(sealed, 90) # 1) WHERE provider = 'anthropic'");

        assertThat(rules()).extracting(InjectionRule::provider).containsExactly("google");
        assertThat(service.admin("GET", "/credentials/anthropic", "").body())
                .contains("\"isConfigured\":false", "it was changed, or belongs to another credential");
        assertThat(service.admin("GET", "/credentials/google", "").body()).contains("\"isConfigured\":true");

        store("'provider':'anthropic','apiKey':'sk-again'");

        assertThat(rules()).extracting(InjectionRule::value).contains("sk-again");
        assertThat(service.admin("GET", "/credentials/anthropic", "").body()).contains("\"isConfigured\":true");
    }

    @Test
    void anEarlierVersionPutBackAndOneThatIsCutOffDoNotOpenAndTheOthersHold() {
        store("'provider':'anthropic','apiKey':'sk-old'");
        service.execute(
                "CREATE TABLE IF NOT EXISTS kept AS SELECT sealed FROM credential WHERE provider = 'anthropic'");
        store("'provider':'anthropic','apiKey':'sk-new'");
        store("'provider':'google','apiKey':'AIza'");

        service.execute("UPDATE credential SET sealed = (SELECT sealed FROM kept) WHERE provider = 'anthropic'");
        assertThat(rules()).extracting(InjectionRule::provider).containsExactly("google");
        assertThat(service.admin("GET", "/credentials/anthropic", "").body())
                .contains("\"isConfigured\":false", "it was changed, or belongs to another credential");

        store("'provider':'anthropic','apiKey':'sk-new'");
        service.execute("UPDATE credential SET sealed = substr(sealed, 1, 40) WHERE provider = 'anthropic'");
        assertThat(rules()).extracting(InjectionRule::provider).containsExactly("google");
        assertThat(service.admin("GET", "/credentials/anthropic", "").body())
                .contains("\"isConfigured\":false", "it is cut off: 40 bytes");
    }

    @Test
    void aSecretCopiedToAnotherRowDoesNotOpenThere() {
        store("'provider':'anthropic','apiKey':'sk-mine'");
        store("'provider':'google','apiKey':'AIza'");
        service.execute(
                "UPDATE credential SET sealed = (SELECT sealed FROM credential WHERE provider = 'anthropic') WHERE provider = 'google'");

        assertThat(rules()).extracting(InjectionRule::provider).containsOnly("anthropic");
    }

    @Test
    void anAnswerIsGivenAgainUntilARowWasWrittenInWhateverProcess() throws IOException {
        store("'provider':'anthropic','apiKey':'sk-first'");
        String first = service.rules();
        assertThat(service.rules()).isEqualTo(first).contains("sk-first");

        try (ServiceUnderTest replica = service.replica()) {
            replica.admin("POST", "/credentials", "{\"provider\":\"anthropic\",\"apiKey\":\"sk-second\"}");
            awaitHeard(() -> assertThat(service.rules()).contains("sk-second").doesNotContain("sk-first"));
            replica.admin("DELETE", "/credentials/anthropic", "");
        }

        awaitHeard(() -> assertThat(service.rules()).contains("\"rules\":[]"));
    }

    @Test
    void whatWasAnsweredIsNotAnsweredAgainAfterTheRowWasTamperedWith() {
        store("'provider':'anthropic','apiKey':'sk-1'");
        store("'provider':'google','apiKey':'AIza'");
        assertThat(service.rules()).contains("sk-1", "AIza");

        service.execute(
                "UPDATE credential SET sealed = set_byte(sealed, 90, get_byte(sealed, 90) # 1) WHERE provider = 'google'");

        awaitHeard(() -> assertThat(service.rules()).contains("sk-1").doesNotContain("AIza"));
    }

    /** A change that this process did not make holds within a second. */
    private static void awaitHeard(ThrowingRunnable holds) {
        await().atMost(Duration.ofSeconds(1)).untilAsserted(holds);
    }

    private static void store(String fields) {
        var answer = service.admin("POST", "/credentials", "{" + fields.replace('\'', '"') + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** The rules as the proxy reads them, without their ids, which are random. */
    private static List<InjectionRule> rules() {
        try {
            var answer = service.bean(ObjectMapper.class)
                    .readValue(service.rules(), dev.slipway.contracts.credential.InjectionRules.class);
            return Objects.requireNonNull(answer).rules().stream()
                    .map(rule -> new InjectionRule(
                            "",
                            rule.provider(),
                            rule.host(),
                            rule.pathPrefix(),
                            rule.action(),
                            rule.name(),
                            rule.value(),
                            rule.conditions()))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InjectionRule rule(
            String provider,
            String host,
            @Nullable String path,
            String action,
            String name,
            String value,
            Condition... conditions) {
        return new InjectionRule("", provider, host, path, action, name, value, List.of(conditions));
    }
}
