package dev.slipway.session.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.contracts.session.SessionEvent.TurnFinished;
import dev.slipway.kit.testing.FreePorts;
import dev.slipway.session.testing.Suite;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What remains when the service, a client or a sandbox goes away in the middle of a turn. */
@Timeout(90)
class CrashTest {
    private Suite suite;

    @BeforeEach
    void start() throws Exception {
        suite = new Suite(Map.of());
    }

    @AfterEach
    void stop() {
        suite.close();
    }

    private static String frames(String body) {
        return body.replaceAll("(?m)^:.*\n\n", "");
    }

    private String resume(String session, Map<String, String> headers) {
        HttpResponse<String> response = suite.stream("GET", "/chat/" + session + "/stream", null, headers);
        assertThat(response.statusCode()).isEqualTo(200);
        return frames(response.body());
    }

    @Test
    void aTurnGoesOnAfterTheServiceDiedAndItsReplayIsTheSameByteForByte() throws Exception {
        String session = suite.readySession();
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
            try (Socket socket = open("POST", "/chat", Suite.message(session, "m1", "say 400 30"))) {
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        });
        Suite.await(() -> suite.peers().agent(session).status().toString().matches(".*lastSeq=[0-9]{2,}.*"));

        suite.restart();
        String whole = resume(session, Map.of());

        assertThat(whole)
                .startsWith("id: ")
                .contains("tick 0 ")
                .contains("tick 399 ")
                .endsWith("data: [DONE]\n\n");
        assertThat(whole.lines()
                        .filter(line -> line.contains("text-delta"))
                        .distinct()
                        .count())
                .isEqualTo(400);
        String lastId = whole.lines()
                .filter(line -> line.startsWith("id: "))
                .skip(100)
                .findFirst()
                .orElseThrow()
                .substring(4);
        assertThat(whole).endsWith(resume(session, Map.of("Last-Event-ID", lastId)));
        assertThat(resume(session, Map.of("Last-Event-ID", lastId.replaceAll(":.*", ":0"))))
                .isEqualTo(whole);
        assertThat(suite.peers().agent(session).turnsBegun()).isEqualTo(1);
        Suite.await(() -> suite.lifecycle().about(session, TurnFinished.class).size() == 1);
        first.join();
    }

    @Test
    void aTurnThatEndedWhileTheServiceWasAwayIsTakenIn() {
        String session = suite.readySession();
        CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> {
            try (Socket socket = open("POST", "/chat", Suite.message(session, "m1", "say 20 150"))) {
                socket.getInputStream().readAllBytes();
            } catch (IOException _) {
                // The service went away, as it should here.
            }
        });
        suite.awaitStatus(session, "running");

        suite.restart();

        suite.awaitStatus(session, "ready");
        assertThat(suite.call("GET", "/sessions/" + session + "/messages", null)
                        .body()
                        .toString())
                .contains("tick 19 ");
        answer.join();
    }

    @Test
    void theHeadComesAtOnceAndAClientThatLeavesEndsNothing() throws Exception {
        String session = suite.readySession();
        suite.call("POST", "/sessions/" + session + "/stop", Map.of());
        Suite.await(() -> suite.generation(session) == 2);

        String head;
        try (Socket socket = open("POST", "/chat", Suite.message(session, "m1", "say 3 0"))) {
            head = readUntil(socket.getInputStream(), "\"type\":\"start\"");
        }
        Suite.await(() -> suite.generation(session) == 3);
        suite.sayReady(session);

        assertThat(head).startsWith("HTTP/1.1 200").contains(": connected");
        Suite.await(() -> suite.lifecycle().about(session, TurnFinished.class).size() == 1);
        assertThat(suite.call("GET", "/sessions/" + session + "/messages", null)
                        .body()
                        .toString())
                .contains("tick 2 ");
    }

    @Test
    void aSilentStreamHasAHeartbeatAndAViewerThatLeftIsForgotten() throws Exception {
        String session = suite.readySession();
        try (Socket socket = open("POST", "/chat", Suite.message(session, "m1", "hang"))) {
            readUntil(socket.getInputStream(), ": heartbeat");
            assertThat(viewers()).isEqualTo(1);
        }

        Suite.await(() -> viewers() == 0);
        assertThat(suite.status(session)).isEqualTo("running");
    }

    private int viewers() {
        return suite.viewers();
    }

    @Test
    void anotherSandboxWithAnEmptyJournalIsReadFromItsStart() {
        String session = suite.readySession();
        suite.stream("POST", "/chat", Suite.message(session, "m1", "say 5 0"), Map.of());
        suite.call("POST", "/sessions/" + session + "/stop", Map.of());
        suite.peers().replaceSandbox(session);
        suite.call("POST", "/sessions/" + session + "/resume", Map.of());
        Suite.await(() -> suite.generation(session) == 3);
        suite.sayReady(session);
        suite.awaitStatus(session, "ready");

        HttpResponse<String> answer = suite.stream("POST", "/chat", Suite.message(session, "m2", "say 2 0"), Map.of());

        assertThat(answer.body()).contains("tick 1 ").doesNotContain("tick 2 ").endsWith("data: [DONE]\n\n");
    }

    private Socket open(String method, String path, Object body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), suite.port());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(suite.raw(method, path, body));
        return socket;
    }

    private static String readUntil(InputStream in, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        byte[] buffer = new byte[4096];
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (read.indexOf(text) < 0) {
            assertThat(System.nanoTime()).as("%s in %s", text, read).isLessThan(until);
            int length = in.read(buffer);
            assertThat(length).as("more than %s", read).isPositive();
            read.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
        }
        return read.toString();
    }

    @Test
    void aServiceThatIsJustBeingStartedAgainIsWaitedFor() throws Exception {
        int port = FreePorts.any();
        String address = "http://127.0.0.1:" + port;
        try (Suite waiting = new Suite(Map.of("slipway.services.workspace-service.url", address))) {
            CompletableFuture<Suite.Answer> made = CompletableFuture.supplyAsync(
                    () -> waiting.call("POST", "/sessions", Map.of("id", "s-early", "workspaceId", "w1")));
            Thread.sleep(500);
            assertThat(made).isNotDone();

            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            started.createContext("/", exchange -> {
                byte[] body = "{\"id\":\"w1\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            started.start();

            assertThat(made.join().status()).isEqualTo(201);
            started.stop(0);
        }
    }
}
