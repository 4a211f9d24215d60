package dev.slipway.credential.oauth;

import static dev.slipway.credential.testing.ServiceUnderTest.PROJECT;
import static dev.slipway.credential.testing.ServiceUnderTest.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.credential.testing.AuthorizationServer;
import dev.slipway.credential.testing.ServiceUnderTest;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signing in by browser and by device code, and each way in which it does not work. */
class SignInTest {
    private static final Caller ANA = user(Role.ADMIN);
    private static final Caller BEN = user("ben", Role.MEMBER);

    private static AuthorizationServer provider;
    private static ServiceUnderTest service;

    @BeforeAll
    static void start() throws IOException {
        provider = new AuthorizationServer("");
        service = new ServiceUnderTest(provider.settings());
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.close();
    }

    @AfterEach
    void empty() {
        service.execute("DELETE FROM credential");
        service.execute("DELETE FROM sign_in");
        provider.device = "authorization_pending";
    }

    @Test
    void anthropicIsSignedInByBrowserAndItsTokenIsUsed() {
        String begun = post(ANA, "/anthropic/authorize", "{}").body();
        String url = field(begun, "url");

        var done = post(ANA, "/anthropic/exchange", "{'code':'" + provider.signIn(url) + "'}");

        assertThat(url)
                .startsWith(
                        "https://claude.ai/oauth/authorize?code=true&client_id=client-a&response_type=code&redirect_uri=")
                .contains("scope=org%3Acreate_api_key+user%3Aprofile+user%3Ainference", "code_challenge_method=S256");
        assertThat(begun).doesNotContain("verifier");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(done.body())
                .contains("\"success\":true", "\"authType\":\"oauth\"", "\"status\":\"active\"", "\"nextRefreshAt\":\"")
                .doesNotContain("access-", "refresh-");
        assertThat(service.rules()).contains("\"value\":\"Bearer access-");
    }

    @Test
    void codexIsSignedInByTheAddressThatTheBrowserWasSentTo() {
        String url = field(
                post(ANA, "/codex/authorize", "{'redirectUri':'http://localhost:1499/auth/callback'}")
                        .body(),
                "url");
        String[] shown = provider.signIn(url).split("#", 2);

        var done = post(
                ANA,
                "/codex/exchange",
                "{'code':'http://localhost:1499/auth/callback?code=" + shown[0] + "&state=" + shown[1] + "'}");

        assertThat(url)
                .contains(
                        "redirect_uri=http%3A%2F%2Flocalhost%3A1499%2Fauth%2Fcallback",
                        "codex_cli_simplified_flow=true");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(service.rules())
                .contains("\"host\":\"chatgpt.com\"", "\"name\":\"chatgpt-account-id\",\"value\":\"acc-7\"");
    }

    @Test
    void aSetupTokenNeedsNoSignIn() {
        var done = post(ANA, "/anthropic/exchange", "{'code':'sk-ant-oat01-pasted-token'}");

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(service.rules()).contains("\"value\":\"Bearer sk-ant-oat01-pasted-token\"");
        assertThat(post(ANA, "/anthropic/refresh", "").statusCode()).isEqualTo(409);
    }

    @Test
    void aCodeIsGoodOnce() {
        String code = provider.signIn(begin(ANA));
        post(ANA, "/anthropic/exchange", "{'code':'" + code + "'}");
        int asked = provider.asked.size();

        var again = post(ANA, "/anthropic/exchange", "{'code':'" + code + "'}");

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("problems/sign-in-used");
        assertThat(provider.asked).as("the provider is not even asked").hasSize(asked);
    }

    @Test
    void aCodeThatTheProviderDoesNotKnowIsRefusedWithoutQuotingIt() {
        String state = provider.signIn(begin(ANA)).split("#", 2)[1];

        var refused = post(ANA, "/anthropic/exchange", "{'code':'invented-code#" + state + "'}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .contains("problems/sign-in-refused", "invalid_grant")
                .doesNotContain("invented-code");
    }

    @Test
    void aStateIsGoodForTheUserAndProjectThatBeganOnly() {
        String code = provider.signIn(begin(ANA));
        String body = "{'code':'" + code + "'}";

        var wrong = post(ANA, "/anthropic/exchange", "{'code':'" + code.replaceFirst("#.*", "#wrong") + "'}");
        var foreign = post(user("eve", Role.ADMIN), "/anthropic/exchange", body);
        var elsewhere = service.call(
                new Caller("gateway", "ana", null, null, "p2", Role.ADMIN, null),
                "POST",
                "p2",
                "/credentials/anthropic/exchange",
                body.replace('\'', '"'));
        var otherProvider = post(ANA, "/codex/exchange", body);

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(foreign.statusCode()).isEqualTo(400);
        assertThat(elsewhere.statusCode()).isEqualTo(400);
        assertThat(otherProvider.statusCode()).isEqualTo(400);
        assertThat(post(ANA, "/anthropic/exchange", body).statusCode())
                .as("nothing of it used it up")
                .isEqualTo(200);
    }

    @Test
    void aSignInEndsAfterTenMinutes() {
        String code = provider.signIn(begin(ANA));
        service.execute("UPDATE sign_in SET expires_at = expires_at - interval '10 minutes'");

        var late = post(ANA, "/anthropic/exchange", "{'code':'" + code + "'}");

        assertThat(late.statusCode()).isEqualTo(410);
        assertThat(late.body()).contains("problems/sign-in-expired");
    }

    @Test
    void theVerifierRestsSealedAndTheStateAsAHash() {
        String state = provider.signIn(begin(ANA)).split("#", 2)[1];

        assertThat(service.query("SELECT s::text FROM sign_in s")).hasSize(1).noneMatch(row -> row.contains(state));
        assertThat(service.query("SELECT length(sealed)::text FROM sign_in")).containsExactly("161");
    }

    @Test
    void membersSignInForThemselvesOnly() {
        assertThat(post(BEN, "/anthropic/authorize", "{}").statusCode()).isEqualTo(403);
        String url = field(
                post(BEN, "/anthropic/authorize", "{'personal':true,'name':'Mine'}")
                        .body(),
                "url");

        var done = post(BEN, "/anthropic/exchange", "{'code':'" + provider.signIn(url) + "'}");

        assertThat(done.body()).contains("\"personal\":true", "\"name\":\"Mine\"");
        assertThat(get(ANA, "/anthropic").statusCode()).isEqualTo(404);
    }

    @Test
    void whatCouldNotBeStoredIsRefusedBeforeTheUserSignsIn() {
        service.admin(
                "POST",
                "/credentials",
                "{\"provider\":\"mine\",\"value\":\"k\",\"host\":\"api.anthropic.com\",\"pathPrefix\":\"/v1/\",\"header\":\"Authorization\"}");

        assertThat(post(ANA, "/anthropic/authorize", "{}").body()).contains("problems/same-place");
    }

    @Test
    void withoutAClientIdItSaysWhichKeyToSet() throws IOException {
        try (ServiceUnderTest plain = new ServiceUnderTest()) {
            assertThat(plain.admin("POST", "/credentials/codex/authorize", "{}").body())
                    .contains("\"status\":409", "slipway.credential.oauth.codex.client-id", "CODEX_CLIENT_ID");
            assertThat(plain.admin("POST", "/credentials/github-copilot/device-code", "")
                            .body())
                    .contains("GITHUB_COPILOT_CLIENT_ID");
        }
    }

    @Test
    void copilotIsSignedInByADeviceCodeThatStaysHere() {
        String begun = post(ANA, "/github-copilot/device-code", "").body();
        String poll = "{'deviceCode':'" + field(begun, "deviceCode") + "'}";

        var pending = post(ANA, "/github-copilot/poll", poll);
        var tooSoon = post(ANA, "/github-copilot/poll", poll);
        for (int i = 0; i < 5 && tooSoon.statusCode() == 202; i++) {
            // More than a second went by before that one; this one comes sooner.
            tooSoon = post(ANA, "/github-copilot/poll", poll);
        }
        provider.device = "granted";
        await().until(() -> post(ANA, "/github-copilot/poll", poll).statusCode() == 200);

        assertThat(begun)
                .contains("\"userCode\":\"WDJB-MJHT\"", "\"interval\":1", "\"domain\":\"github.com\"")
                .doesNotContain("\"device\"");
        assertThat(pending.statusCode()).isEqualTo(202);
        assertThat(pending.body()).contains("\"status\":\"pending\",\"error\":\"authorization_pending\"");
        assertThat(tooSoon.statusCode()).isEqualTo(429);
        assertThat(tooSoon.headers().firstValue("Retry-After")).contains("1");
        assertThat(service.rules())
                .contains(
                        "\"host\":\"api.githubcopilot.com\",\"action\":\"set\",\"name\":\"Authorization\",\"value\":\"Bearer gho\"");
        assertThat(post(ANA, "/github-copilot/poll", poll).statusCode())
                .as("good once")
                .isEqualTo(409);
    }

    @Test
    void whoIsToldToSlowDownIsHeldToIt() {
        String poll = device();
        provider.device = "slow_down";

        var slower = post(ANA, "/github-copilot/poll", poll);
        int asked = provider.asked.size();
        var again = post(ANA, "/github-copilot/poll", poll);

        assertThat(slower.statusCode()).isEqualTo(429);
        assertThat(slower.headers().firstValue("Retry-After")).contains("3");
        assertThat(slower.body()).contains("problems/slow-down");
        assertThat(again.statusCode()).isEqualTo(429);
        assertThat(provider.asked).as("GitHub is spared").hasSize(asked);
    }

    @Test
    void aCodeThatEndedAndAUserWhoSaysNoAreTold() {
        String ended = device();
        provider.device = "expired_token";
        assertThat(post(ANA, "/github-copilot/poll", ended).statusCode()).isEqualTo(410);
        assertThat(post(ANA, "/github-copilot/poll", ended).statusCode()).isEqualTo(409);

        String denied = device();
        provider.device = "access_denied";
        var answer = post(ANA, "/github-copilot/poll", denied);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("problems/sign-in-denied");

        provider.device = "incorrect_device_code";
        assertThat(post(ANA, "/github-copilot/poll", device()).statusCode()).isEqualTo(422);
        assertThat(post(ANA, "/github-copilot/poll", "{'deviceCode':'invented'}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(ANA, "/github-copilot/poll", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void enterprisesAreThoseOfTheList() {
        int asked = provider.asked.size();
        for (String host : new String[] {
            "169.254.169.254",
            "localhost",
            "evil.example.com",
            "ghe.com",
            "xghe.com",
            "corp.ghe.com@evil.example.com",
            "corp.ghe.com:22"
        }) {
            var refused = post(
                    ANA,
                    "/github-copilot/device-code",
                    "{'deploymentType':'enterprise','enterpriseUrl':'" + host + "'}");
            assertThat(refused.statusCode()).as(host).isEqualTo(422);
        }
        assertThat(provider.asked).hasSize(asked);

        var allowed = post(
                ANA,
                "/github-copilot/device-code",
                "{'deploymentType':'enterprise','enterpriseUrl':'https://corp.ghe.com/'}");
        String poll = "{'deviceCode':'" + field(allowed.body(), "deviceCode") + "'}";
        provider.device = "granted";

        assertThat(allowed.body()).contains("\"domain\":\"corp.ghe.com\"");
        assertThat(post(ANA, "/github-copilot/poll", poll).statusCode()).isEqualTo(200);
        assertThat(service.rules()).contains("\"host\":\"copilot-api.corp.ghe.com\"");
    }

    @Test
    void whereTheEndpointWantsAShortTokenItIsChangedForOne() throws IOException {
        Map<String, Object> settings = new java.util.HashMap<>(provider.settings());
        settings.put(
                "slipway.credential.oauth.github-copilot.exchange-url", "https://api.{host}/copilot_internal/v2/token");
        try (ServiceUnderTest exchanging = new ServiceUnderTest(settings)) {
            String begun = exchanging
                    .admin("POST", "/credentials/github-copilot/device-code", "")
                    .body();
            provider.device = "granted";
            exchanging.admin(
                    "POST",
                    "/credentials/github-copilot/poll",
                    "{\"deviceCode\":\"" + field(begun, "deviceCode") + "\"}");
            String first = exchanging.rules();

            var refreshed = exchanging.admin("POST", "/credentials/github-copilot/refresh", "");

            assertThat(first).contains("Bearer copilot-").doesNotContain("gho");
            assertThat(refreshed.statusCode()).as(refreshed.body()).isEqualTo(200);
            assertThat(exchanging.rules()).contains("Bearer copilot-").isNotEqualTo(first);
        }
    }

    private static String begin(Caller caller) {
        return field(post(caller, "/anthropic/authorize", "{}").body(), "url");
    }

    private static String device() {
        return "{'deviceCode':'"
                + field(post(ANA, "/github-copilot/device-code", "{}").body(), "deviceCode") + "'}";
    }

    private static String field(String json, String name) {
        return json.replaceFirst(".*?\"" + name + "\":\"([^\"]*)\".*", "$1");
    }

    private static HttpResponse<String> post(Caller caller, String path, String body) {
        return service.call(caller, "POST", PROJECT, "/credentials" + path, body.replace('\'', '"'));
    }

    private static HttpResponse<String> get(Caller caller, String path) {
        return service.call(caller, "GET", PROJECT, "/credentials" + path, "");
    }
}
