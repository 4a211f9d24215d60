package dev.slipway.credential.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.credential.testing.ServiceUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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
            String key = headers.getFirst("x-api-key")
                    + headers.getFirst("Authorization")
                    + headers.getFirst("PRIVATE-TOKEN");
            ASKED.add(exchange.getRequestURI() + " " + key);
            exchange.sendResponseHeaders(key.contains("good") ? 200 : key.contains("busy") ? 503 : 401, -1);
            exchange.close();
        });
        provider.start();
        String here = "http://127.0.0.1:" + provider.getAddress().getPort();
        service = new ServiceUnderTest(Map.of(
                "slipway.credential.outgoing.upstreams",
                "api.anthropic.com=" + here + ",gitlab.com=" + here + ",api.openai.com=http://127.0.0.1:"
                        + closedPort()));
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.stop(0);
    }

    @Test
    void aGoodKeyWorks() {
        assertThat(test("anthropic", "sk-good")).contains("\"status\":\"works\"");
        assertThat(ASKED).contains("/v1/models?limit=1 sk-goodnullnull");
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
        assertThat(ASKED).anyMatch(asked -> asked.startsWith("/api/v4/user ") && asked.endsWith("glpat-good"));
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
        assertThat(service.admin("POST", "/credentials/npm/test", "").statusCode())
                .isEqualTo(404);
    }

    private static String test(String provider, String secret) {
        store("{\"provider\":\"" + provider + "\",\"apiKey\":\"" + secret + "\"}");
        var answer = service.admin("POST", "/credentials/" + provider + "/test", "");
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
