package dev.slipway.credential.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.credential.testing.ServiceUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A credential is tried by a real call, at a provider of this test. */
class ProbeTest {
    private static final List<String> ASKED = new CopyOnWriteArrayList<>();

    private static HttpServer provider;
    private static ServiceUnderTest service;

    @BeforeAll
    static void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            String authorization = String.valueOf(headers.getFirst("Authorization"));
            String key = headers.getFirst("x-api-key")
                    + (authorization.startsWith("Basic ")
                            ? new String(Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8)
                            : authorization)
                    + headers.getFirst("PRIVATE-TOKEN")
                    + headers.getFirst("x-goog-api-key")
                    + exchange.getRequestURI().getQuery();
            ASKED.add(exchange.getRequestURI() + " " + key);
            exchange.sendResponseHeaders(key.contains("good") ? 200 : key.contains("busy") ? 503 : 401, -1);
            exchange.close();
        });
        provider.start();
        String here = "http://127.0.0.1:" + provider.getAddress().getPort();
        service = new ServiceUnderTest(Map.of(
                "slipway.credential.outgoing.upstreams",
                Stream.of(
                                        "api.anthropic.com",
                                        "gitlab.com",
                                        "generativelanguage.googleapis.com",
                                        "api.github.com",
                                        "api.githubcopilot.com",
                                        "n.example.com",
                                        "r.example.com",
                                        "q.example.com")
                                .map(host -> host + "=" + here)
                                .collect(Collectors.joining(","))
                        + ",api.openai.com=http://127.0.0.1:" + closedPort(),
                "slipway.credential.probe.hosts",
                "n.example.com,r.example.com,q.example.com"));
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.stop(0);
    }

    @Test
    void aGoodKeyWorks() {
        assertThat(test("anthropic", "sk-good")).contains("\"status\":\"works\"");
        assertThat(ASKED).contains("/v1/models?limit=1 sk-goodnullnullnulllimit=1");
    }

    /** One call each, where it is read and nothing is changed, with the secret in its place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "google                                            | /v1beta/models?pageSize=1 | KEY",
                "github                                            | /user                     | Bearer KEY",
                "github-copilot                                    | /models                   | Bearer KEY",
                "gitlab                                            | /api/v4/user              | KEY",
                "npm\",\"host\":\"n.example.com                     | /-/whoami                 | Bearer KEY",
                "registry\",\"username\":\"robot\",\"host\":\"r.example.com | /                    | robot:KEY",
                "any\",\"query\":\"k\",\"host\":\"q.example.com      | /?k=KEY                   | k=KEY",
            })
    void eachKindIsTriedInItsOwnWay(String provider, String path, String shown) {
        ASKED.clear();
        for (String key : List.of("it-is-good", "it-is-bad")) {
            boolean good = key.endsWith("good");
            assertThat(test(provider, key)).contains(good ? "\"status\":\"works\"" : "\"status\":\"refused\"");
            assertThat(ASKED.getLast())
                    .startsWith(path.replace("KEY", key) + " ")
                    .contains(shown.replace("KEY", key));
        }
        assertThat(ASKED).hasSize(2);
    }

    @Test
    void aBadKeyIsRefused() {
        assertThat(test("anthropic", "sk-bad")).contains("\"status\":\"refused\"", "answered 401");
    }

    @Test
    void aProviderInTroubleSaysNothingOfTheKey() {
        assertThat(test("anthropic", "sk-busy")).contains("\"status\":\"unreachable\"", "answered 503");
    }

    @Test
    void aProviderThatIsAwayIsUnreachable() {
        assertThat(test("openai", "sk-good")).contains("\"status\":\"unreachable\"", "ConnectException");
    }

    @Test
    void gitlabIsTriedAtItsApi() {
        assertThat(test("gitlab", "glpat-good")).contains("\"status\":\"works\"");
        assertThat(ASKED).anyMatch(asked -> asked.startsWith("/api/v4/user ") && asked.contains("glpat-good"));
    }

    @Test
    void aHostOfTheUsersChoosingIsNotCalled() {
        store("{\"provider\":\"gitlab\",\"apiKey\":\"glpat-good\",\"host\":\"127.0.0.1\"}");
        assertThat(service.admin("POST", "/credentials/gitlab/test", "").statusCode())
                .isEqualTo(422);

        store("{\"provider\":\"custom\",\"apiKey\":\"k\",\"host\":\"metadata.example.com\",\"header\":\"A\"}");
        assertThat(service.admin("POST", "/credentials/custom/test", "").statusCode())
                .isEqualTo(422);
    }

    @Test
    void whatIsNotThereCannotBeTried() {
        assertThat(service.admin("POST", "/credentials/codex/test", "").statusCode())
                .isEqualTo(404);
    }

    private static String test(String provider, String secret) {
        store("{\"provider\":\"" + provider + "\",\"apiKey\":\"" + secret + "\"}");
        var answer = service.admin("POST", "/credentials/" + provider.replaceFirst("\".*", "") + "/test", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static void store(String body) {
        assertThat(service.admin("POST", "/credentials", body).statusCode()).isEqualTo(200);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
