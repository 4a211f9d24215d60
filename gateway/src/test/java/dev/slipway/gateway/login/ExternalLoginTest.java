package dev.slipway.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.login.StandIn.Signature;
import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.SecretHash;
import dev.slipway.kit.testing.FreePorts;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Login by providers: who comes back is who left, once, and whose account it is. */
class ExternalLoginTest {
    private static EmbeddedServer gateway;
    private static CertifiedProvider certified;
    private static StandIn standIn;
    private static Database database;

    @BeforeAll
    static void start() throws Exception {
        int port = FreePorts.any();
        standIn = new StandIn();
        certified = CertifiedProvider.start("http://127.0.0.1:" + port + "/auth/callback/oidc");
        Map<String, Object> settings = new HashMap<>(Map.of(
                "micronaut.server.port",
                port,
                "slipway.auth.enabled",
                "true",
                "slipway.auth.admin-email",
                "root@example.com",
                "slipway.auth.signing-key",
                Gateways.signingKey()));
        provider(settings, "oidc", CertifiedProvider.CLIENT_ID, CertifiedProvider.CLIENT_SECRET);
        settings.put("slipway.login.providers.oidc.issuer", certified.issuer());
        provider(settings, "google", "google-client", "google-secret");
        settings.put("slipway.login.providers.google.issuer", standIn.url());
        provider(settings, "github", "github-client", "github-secret");
        settings.put("slipway.login.providers.github.authorization-url", standIn.url() + "/login/oauth/authorize");
        settings.put("slipway.login.providers.github.token-url", standIn.url() + "/login/oauth/access_token");
        settings.put("slipway.login.providers.github.api-url", standIn.url() + "/api");
        gateway = Gateways.anonymous("http://127.0.0.1:1", settings);
        database = gateway.getApplicationContext().getBean(Database.class);
        database.change(
                "INSERT INTO invite_code (id, code_hash, uses_max, created_by) VALUES ('many', ?, 1000, 'test')",
                (Object) SecretHash.of("many"));
    }

    private static void provider(Map<String, Object> settings, String name, String id, String secret) {
        settings.put("slipway.login.providers." + name + ".client-id", id);
        settings.put("slipway.login.providers." + name + ".client-secret", secret);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        certified.close();
        standIn.close();
    }

    @BeforeEach
    void nobodyKnownAndNobodyLying() {
        database.change("DELETE FROM account");
        standIn.claims = claims -> claims;
        standIn.signature = Signature.OWN_KEY;
        standIn.tokenStatus = 200;
        standIn.email = "grace@example.com";
        standIn.emailVerified = true;
    }

    private static URI at(String path) {
        return URI.create("http://127.0.0.1:" + gateway.getPort() + path);
    }

    /** Goes to the provider and back; the last step, the callback, is still to be done. */
    private static URI callback(Browser browser, String provider, String query) throws Exception {
        return browser.followTo(at("/auth/login/" + provider + query), "/auth/callback/");
    }

    private static HttpResponse<String> logIn(Browser browser, String provider) throws Exception {
        return browser.get(callback(browser, provider, "?inviteCode=many&returnTo=/projects"));
    }

    private static String me(Browser browser) throws Exception {
        return browser.get(at("/auth/me")).body();
    }

    @Test
    void aUserOfACertifiedProviderLogsIn() throws Exception {
        Browser browser = new Browser().usedBy("ada");

        HttpResponse<String> answer = logIn(browser, "oidc");

        assertThat(Browser.target(answer)).isEqualTo(at("/projects"));
        assertThat(me(browser))
                .contains("\"username\":\"ada\"", "\"email\":\"ada@example.com\"", "\"provider\":\"oidc\"");
        HttpCookie cookie = browser.cookie("slipway_session").orElseThrow();
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.getMaxAge()).isEqualTo(Duration.ofDays(30).toSeconds());
        assertThat(answer.headers().allValues("Set-Cookie"))
                .anyMatch(line -> line.startsWith("slipway_session=") && line.contains("SameSite=Lax"));
    }

    @Test
    void theSameUserComesBackToTheSameAccountWithoutACode() throws Exception {
        logIn(new Browser().usedBy("ada"), "oidc");
        Browser later = new Browser().usedBy("ada");

        HttpResponse<String> answer = later.get(callback(later, "oidc", ""));

        assertThat(Browser.target(answer)).isEqualTo(at("/"));
        assertThat(database.list("SELECT id FROM account", row -> row.getString(1)))
                .hasSize(1);
    }

    @Test
    void aCallbackIsGoodOnce() throws Exception {
        Browser browser = new Browser().usedBy("ada");
        URI callback = callback(browser, "oidc", "?inviteCode=many");
        HttpCookie flow = browser.cookie("slipway_login").orElseThrow();
        assertThat(browser.get(callback).statusCode()).isEqualTo(303);

        browser.keep(flow);
        HttpResponse<String> again = browser.get(callback);

        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("login-expired");
    }

    @Test
    void aCallbackInAnotherBrowserIsRefused() throws Exception {
        URI callback = callback(new Browser().usedBy("ada"), "oidc", "?inviteCode=many");

        HttpResponse<String> answer = new Browser().get(callback);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("login-expired");
    }

    @Test
    void anotherStateIsRefused() throws Exception {
        Browser browser = new Browser().usedBy("ada");
        URI callback = callback(browser, "oidc", "?inviteCode=many");
        String other = callback.toString().replaceFirst("state=[^&]+", "state=bm90IHRoZSBzdGF0ZQ");

        HttpResponse<String> answer = browser.get(URI.create(other));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(browser.cookie("slipway_session")).isEmpty();
    }

    @Test
    void aFlowThatTookTooLongIsRefused() throws Exception {
        Browser browser = new Browser().usedBy("ada");
        URI callback = callback(browser, "oidc", "?inviteCode=many");
        database.change("UPDATE login_flow SET expires_at = now() - interval '1 second'");

        assertThat(browser.get(callback).statusCode()).isEqualTo(400);
    }

    @Test
    void whoSaysNoAtTheProviderIsNotLoggedIn() throws Exception {
        Browser browser = new Browser().usedBy("nobody");

        HttpResponse<String> answer = logIn(browser, "oidc");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("login-denied");
    }

    @Test
    void anUnknownProviderIs400() throws Exception {
        assertThat(new Browser().get(at("/auth/login/myspace")).statusCode()).isEqualTo(400);
        assertThat(new Browser().get(at("/auth/callback/myspace")).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "https://evil.example",
                "%2F%5Cevil.example",
                "/x%0d%0aSet-Cookie:a=b",
                "projects"
            })
    void noReturnPathLeadsAway(String path) throws Exception {
        HttpResponse<String> answer = new Browser().get(at("/auth/login/google?returnTo=" + path));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("returnTo");
    }

    @Test
    void googlesUserLogsIn() throws Exception {
        Browser browser = new Browser();

        logIn(browser, "google");

        assertThat(me(browser)).contains("\"email\":\"grace@example.com\"", "\"name\":\"Grace Hopper\"");
    }

    @Test
    void gitHubsUserLogsInAndIsTheSameAsGooglesByVerifiedAddress() throws Exception {
        Browser byGoogle = new Browser();
        logIn(byGoogle, "google");
        Browser byGitHub = new Browser();

        HttpResponse<String> answer = byGitHub.get(callback(byGitHub, "github", ""));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        assertThat(id(me(byGitHub))).isEqualTo(id(me(byGoogle)));
    }

    @Test
    void anAddressThatGitHubHasNotVerifiedLinksNothing() throws Exception {
        logIn(new Browser(), "google");
        standIn.emailVerified = false;
        Browser browser = new Browser();

        HttpResponse<String> answer = browser.get(callback(browser, "github", ""));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("sign-up-closed");
    }

    @Test
    void aCodeThatGitHubRefusesIs401() throws Exception {
        Browser browser = new Browser();
        String callback = callback(browser, "github", "?inviteCode=many").toString();

        HttpResponse<String> answer = browser.get(URI.create(callback.replaceFirst("code=[^&]+", "code=stolen")));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("login-failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonce", "no nonce", "expired", "audience", "issuer", "azp", "no subject"})
    void anIdTokenThatIsNotForThisLoginIsRefused(String lie) throws Exception {
        standIn.claims = claims -> switch (lie) {
            case "nonce" -> claims.claim("nonce", "another one");
            case "no nonce" -> claims.claim("nonce", null);
            case "expired" -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600)));
            case "audience" -> claims.audience("another-client");
            case "issuer" -> claims.issuer("https://accounts.google.com");
            case "azp" -> claims.claim("azp", "another-client");
            default -> claims.subject(null);
        };
        Browser browser = new Browser();

        HttpResponse<String> answer = logIn(browser, "google");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("login-failed");
        assertThat(browser.cookie("slipway_session")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Signature.class,
            names = {"OTHER_KEY", "NONE"})
    void anIdTokenThatTheProviderDidNotSignIsRefused(Signature signature) throws Exception {
        standIn.signature = signature;

        HttpResponse<String> answer = logIn(new Browser(), "google");

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenEndpointThatIsDownIs502() throws Exception {
        standIn.tokenStatus = 500;

        HttpResponse<String> answer = logIn(new Browser(), "google");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("login-provider-failed");
    }

    @Test
    void withoutInvitationThereIsNoAccount() throws Exception {
        Browser browser = new Browser().usedBy("ada");

        HttpResponse<String> answer = browser.get(callback(browser, "oidc", ""));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("sign-up-closed");
    }

    @Test
    void theAdministratorsAddressOpensTheDoorAndMakesAdministrator() throws Exception {
        Browser browser = new Browser().usedBy("root");

        browser.get(callback(browser, "oidc", ""));

        assertThat(me(browser)).contains("\"systemAdmin\":true");
    }

    @Test
    void anAddressThatSomebodyOnlyTypedIsNoProof() throws Exception {
        Browser squatter = new Browser();
        assertThat(squatter.post(at("/auth/register"), """
                        {"username":"squatter","email":"ada@example.com","password":"long enough 1","inviteCode":"many"}
                        """).statusCode()).isEqualTo(201);
        Browser ada = new Browser().usedBy("ada");

        HttpResponse<String> answer = logIn(ada, "oidc");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("account-exists");
        assertThat(ada.cookie("slipway_session")).isEmpty();
    }

    @Test
    void anAccountWithAPasswordIsLinkedByItsOwner() throws Exception {
        Browser ada = new Browser().usedBy("ada");
        ada.post(at("/auth/register"), """
                {"username":"ada.l","email":"ada@example.com","password":"long enough 1","inviteCode":"many"}
                """);
        String origin = at("").toString();

        assertThat(ada.post(at("/auth/link/oidc"), "", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> away = ada.post(at("/auth/link/oidc"), "", "Origin", origin);
        assertThat(away.statusCode()).as(away.body()).isEqualTo(200);
        URI provider = URI.create(away.body().replaceFirst(".*\"location\":\"([^\"]+)\".*", "$1"));
        assertThat(ada.get(ada.followTo(provider, "/auth/callback/")).statusCode())
                .isEqualTo(303);
        Browser later = new Browser().usedBy("ada");
        later.get(callback(later, "oidc", ""));

        assertThat(id(me(later))).isEqualTo(id(me(ada)));
    }

    @Test
    void aBrowserIsToldInThePageWhyItFailed() throws Exception {
        java.net.http.HttpRequest request = java.net.http.HttpRequest.newBuilder(
                        at("/auth/callback/google?code=x&state=y"))
                .header("Accept", "text/html,application/xhtml+xml")
                .build();
        HttpResponse<String> answer =
                java.net.http.HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(Browser.target(answer)).isEqualTo(at("/?loginError=login-expired"));
    }

    private static String id(String me) {
        assertThat(me).contains("\"id\":\"");
        return me.replaceFirst(".*\"id\":\"([^\"]+)\".*", "$1");
    }
}
