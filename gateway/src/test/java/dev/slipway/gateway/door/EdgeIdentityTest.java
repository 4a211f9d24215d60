package dev.slipway.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Client;
import dev.slipway.gateway.Client.Answer;
import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser's own habits may not do: cookies sent along, pages of other origins, headers that anyone can write. */
class EdgeIdentityTest {
    private static final String FRIEND = "https://friend.example";

    private static EmbeddedServer gateway;
    private static Client user;
    private static String cookie = "";

    @BeforeAll
    static void start() {
        gateway = Gateways.withLogin(
                "http://127.0.0.1:1",
                Map.of(
                        "slipway.edge.cors-origins", FRIEND,
                        "slipway.edge.trusted-proxies", "127.0.0.1",
                        "slipway.rate.token", "1"));
        user = Client.nobody(gateway).register("somebody", "first");
        cookie = logIn().replaceFirst(";.*", "");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String logIn(String... headers) {
        return Client.nobody(gateway)
                .post("/auth/login", "{\"username\":\"somebody\",\"password\":\"long enough 1\"}", headers)
                .header("Set-Cookie");
    }

    private static int create(String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Cookie";
        all[headers.length + 1] = cookie;
        return Client.nobody(gateway)
                .post("/api/projects", "{\"name\":\"p\"}", all)
                .status();
    }

    @Test
    void aCookieAloneChangesNothing() {
        assertThat(create()).isEqualTo(403);
        assertThat(create("Origin", "http://evil.example")).isEqualTo(403);
        assertThat(create("Origin", "null")).isEqualTo(403);
        assertThat(create("Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        assertThat(create("Sec-Fetch-Site", "same-site")).isEqualTo(403);
    }

    @Test
    void aPageOfOursOrAnAllowedOneMayUseIt() {
        assertThat(create("Origin", gateway.getURI().toString())).isEqualTo(201);
        assertThat(create("Origin", FRIEND)).isEqualTo(201);
        assertThat(create("Sec-Fetch-Site", "same-origin")).isEqualTo(201);
    }

    @Test
    void onlyAllowedOriginsReadAnswers() {
        Answer friend = user.get("/api/projects", "Origin", FRIEND);
        Answer other = user.get("/api/projects", "Origin", "https://other.example");

        assertThat(friend.status()).isEqualTo(200);
        assertThat(friend.header("Access-Control-Allow-Origin")).isEqualTo(FRIEND);
        assertThat(friend.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(friend.header("Vary")).contains("Origin");
        assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void onlyAllowedOriginsMayAskFirst() {
        Client nobody = Client.nobody(gateway);
        Answer friend =
                nobody.send("OPTIONS", "/api/projects", "", "Origin", FRIEND, "Access-Control-Request-Method", "POST");
        Answer other = nobody.send(
                "OPTIONS", "/api/projects", "", "Origin", "https://x.example", "Access-Control-Request-Method", "POST");

        assertThat(friend.status()).isEqualTo(204);
        assertThat(friend.header("Access-Control-Allow-Methods")).contains("POST", "DELETE");
        assertThat(friend.header("Access-Control-Allow-Headers")).contains("If-Match", "Idempotency-Key");
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.header("Access-Control-Allow-Methods")).isEmpty();
    }

    @Test
    void theCookieIsSecureBehindATrustedProxyThatSpeaksTls() {
        assertThat(logIn("X-Forwarded-Proto", "https"))
                .contains("; Secure")
                .containsIgnoringCase("; HttpOnly")
                .contains("; SameSite=Lax");
        assertThat(logIn()).doesNotContain("; Secure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "bearer  x y", "Basic abc", "Bearer slp_", "bearer\tnonsense"})
    void aBadAuthorizationIsNotMadeGoodByACookie(String authorization) {
        assertThat(Client.nobody(gateway)
                        .get("/auth/me", "Authorization", authorization, "Cookie", cookie)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTokenThatAsksTooOftenWaits() {
        Client token = user.as(user.post("/api/tokens", "{\"name\":\"t\"}").field("token"));
        int passed = 0;
        Answer answer = token.get("/auth/me");
        while (answer.status() == 200 && passed < 40) {
            passed++;
            answer = token.get("/auth/me");
        }

        assertThat(passed).isBetween(10, 39);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.body()).contains("/too-many");
        assertThat(user.get("/auth/me").status()).isEqualTo(200);
    }

    @Test
    void aTokenIsGoodUntilItExpiresAndSaysWhenItWasUsed() throws Exception {
        String expired = user.post("/api/tokens", "{\"name\":\"old\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}")
                .field("token");
        String fresh = user.post("/api/tokens", "{\"name\":\"new\",\"scopes\":[\"read\"]}")
                .field("token");

        assertThat(user.as(expired).get("/auth/me").status()).isEqualTo(401);
        assertThat(user.as(fresh).get("/auth/me").status()).isEqualTo(200);
        assertThat(user.get("/api/tokens").body()).contains("lastUsedAt").doesNotContain(fresh);
        assertThat(user.as(fresh).post("/api/projects", "{\"name\":\"p\"}").status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 198.51.100.1, 203.0.113.9",
        "10.1.2.3, 198.51.100.1, 198.51.100.1",
        "10.1.2.3, '1.1.1.1, 198.51.100.1, 10.9.9.9', 198.51.100.1",
        "10.1.2.3, 'nonsense', 10.1.2.3",
        "10.1.2.3, '6.6.6.6, nonsense, 10.9.9.9', 10.9.9.9",
        "10.1.2.3, '', 10.1.2.3"
    })
    void anAddressIsBelievedOnlyOfTrustedProxies(String nearest, String forwarded, String client) throws Exception {
        TrustedProxies proxies = new TrustedProxies(new EdgeSettings("", "", "10.0.0.0/8", ""));
        Map<String, List<String>> headers = Map.of(
                "X-Forwarded-For",
                forwarded.isEmpty() ? List.of() : List.of(forwarded),
                "X-Forwarded-Proto",
                List.of("https"));

        ClientOrigin origin = proxies.origin(
                new InetSocketAddress(InetAddress.getByName(nearest), 1234),
                false,
                name -> headers.getOrDefault(name, List.of()));

        assertThat(origin.address()).isEqualTo(client);
        assertThat(origin.secure()).isEqualTo(nearest.startsWith("10."));
    }
}
