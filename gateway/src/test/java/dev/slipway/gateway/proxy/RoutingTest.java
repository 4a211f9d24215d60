package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a gateway does with services that fail, clients that misbehave, and its own end. */
class RoutingTest {
    private static final String SESSIONS = "/api/projects/local/sessions";
    private static final AtomicInteger TRIES = new AtomicInteger();

    private static ScriptedService service;
    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        service = new ScriptedService(RoutingTest::script);
        gateway = Gateways.anonymous(service.url(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    private static void script(String head, InputStream in, OutputStream out, Socket socket) throws Exception {
        String path = head.split(" ", 3)[1];
        if (path.endsWith("/breaks-once") && TRIES.incrementAndGet() == 1) {
            socket.close();
        } else if (path.endsWith("/breaks-always")) {
            TRIES.incrementAndGet();
            socket.close();
        } else if (path.endsWith("/slow")) {
            Thread.sleep(1_500);
            ScriptedService.ok(out, "late");
        } else {
            ScriptedService.ok(out, "answer to " + path);
        }
    }

    private static RawClient client(EmbeddedServer server) throws IOException {
        return new RawClient(server.getPort());
    }

    @Test
    void onlyWhatIsSafeIsTriedTwice() throws Exception {
        TRIES.set(0);
        try (RawClient client = client(gateway)) {
            client.get(SESSIONS + "/breaks-once");
            assertThat(client.answer()).startsWith("HTTP/1.1 200");
            assertThat(TRIES).hasValue(2);

            TRIES.set(0);
            client.send("POST " + SESSIONS + "/breaks-always HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 502");
            assertThat(TRIES).hasValue(1);
        }
    }

    @Test
    void aServiceThatIsAwayIs503WithATimeToComeBack() throws Exception {
        EmbeddedServer lonely = Gateways.anonymous("http://127.0.0.1:1", Map.of());
        try (RawClient client = client(lonely)) {
            for (int i = 0; i < 6; i++) {
                client.get(SESSIONS);
                assertThat(client.answer()).startsWith("HTTP/1.1 503");
            }

            client.get(SESSIONS);
            assertThat(client.head()).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: ");
        } finally {
            lonely.close();
        }
    }

    @Test
    void http2IsSpokenToThoseWhoBeginWithIt() throws Exception {
        HttpClient http2 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String path = i % 2 == 0 ? SESSIONS + "/h" + i : "/healthz";
            asked.add(http2.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + gateway.getPort() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (int i = 0; i < 50; i++) {
            HttpResponse<String> answer = asked.get(i).join();
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-request-id")).isPresent();
            assertThat(answer.body()).contains(i % 2 == 0 ? "/sessions/h" + i : "\"ok\":true");
        }
        HttpResponse<String> posted = http2.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + gateway.getPort() + SESSIONS))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(posted.body()).endsWith("/sessions");
    }

    @Test
    void aGatewayThatIsToldToStopLosesNobody() throws Exception {
        EmbeddedServer leaving = Gateways.anonymous(service.url(), Map.of());
        try (RawClient slow = client(leaving);
                RawClient idle = client(leaving);
                RawClient stream = client(leaving);
                WebSocketClient socket =
                        new WebSocketClient(HttpClient.newHttpClient(), leaving.getPort(), "/ws/events")) {
            idle.get("/healthz");
            idle.answer();
            await().atMost(Duration.ofSeconds(10)).until(() -> socket.next().contains("connected"));
            stream.get("/api/projects/local/events");
            stream.head();
            slow.get(SESSIONS + "/slow");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> service.heads.stream().anyMatch(head -> head.contains("/slow")));

            Thread stopper = Thread.ofVirtual().start(leaving::close);

            assertThat(socket.closeCode()).isEqualTo(1012);
            assertThat(slow.answer()).isEqualTo("HTTP/1.1 200 OK | late");
            assertThat(idle.atEnd()).isTrue();
            String rest = new String(stream.in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).contains("event: connected", "event: cut").containsPattern("retry: \\d+\n\n");
            stopper.join();
        }
    }
}
