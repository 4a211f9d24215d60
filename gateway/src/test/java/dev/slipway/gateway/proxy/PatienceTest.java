package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * How long a gateway waits, and lets others wait, where nobody configured anything. All of it passes side by side, in one minute, and beside
 * the other tests, since it only waits.
 */
@Execution(ExecutionMode.CONCURRENT)
class PatienceTest {
    private static final Duration LATE = Duration.ofSeconds(63);
    private static final Duration SIGN_OF_LIFE_WITHIN = Duration.ofSeconds(10);
    private static final String PROJECT = "/api/projects/local";

    /** The gateway's ends of connections that were answered at once, and of those of them that were asked again. */
    private static final Set<Integer> SOON = ConcurrentHashMap.newKeySet();

    private static final Set<Integer> AGAIN = ConcurrentHashMap.newKeySet();

    private static ScriptedService service;
    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        service = new ScriptedService((head, _, out, socket) -> {
            if (head.contains("/soon ")) {
                SOON.add(socket.getPort());
                ScriptedService.ok(out, "soon");
                return;
            }
            if (SOON.contains(socket.getPort())) {
                AGAIN.add(socket.getPort());
            }
            Thread.sleep(LATE);
            ScriptedService.ok(out, "late");
        });
        gateway = Gateways.anonymous(service.url(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    private static RawClient client() throws IOException {
        RawClient client = new RawClient(gateway.getPort());
        client.socket.setSoTimeout((int) LATE.plusSeconds(20).toMillis());
        return client;
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void aPathHasItsOwnTimeAndAStreamItsSignsOfLife() throws Exception {
        try (RawClient tables = client();
                RawClient second = client();
                RawClient remote = client();
                RawClient command = client();
                RawClient stream = client();
                WebSocketClient socket =
                        new WebSocketClient(HttpClient.newHttpClient(), gateway.getPort(), "/ws/events")) {
            long began = System.nanoTime();
            tables.get(PROJECT + "/sessions/s1");
            remote.send("POST " + PROJECT
                    + "/workspaces/w1/git/fetch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            command.send(
                    "POST " + PROJECT + "/sessions/s1/cmd HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            stream.get(PROJECT + "/events");
            // The connection to the service that answered at once is the one that is asked again.
            second.get(PROJECT + "/sessions/soon");
            assertThat(second.answer()).isEqualTo("HTTP/1.1 200 OK | soon");
            Thread.sleep(1_500);
            long beganAgain = System.nanoTime();
            second.get(PROJECT + "/sessions/s1");

            assertThat(gapsOf(stream, 3)).allSatisfy(gap -> assertThat(gap).isLessThan(SIGN_OF_LIFE_WITHIN));
            for (int beats = 0; beats < 4; ) {
                beats += socket.next().contains("heartbeat") ? 1 : 0;
            }
            assertThat(since(began)).isLessThan(SIGN_OF_LIFE_WITHIN.multipliedBy(4));

            assertThat(tables.answer()).startsWith("HTTP/1.1 504").contains("gateway-timeout", "within 60 s");
            assertThat(since(began)).isBetween(Duration.ofSeconds(59), LATE);
            assertThat(second.answer()).startsWith("HTTP/1.1 504").contains("gateway-timeout", "within 60 s");
            assertThat(since(beganAgain)).isBetween(Duration.ofSeconds(59), LATE);
            assertThat(AGAIN).hasSize(1).isEqualTo(SOON);
            assertThat(remote.answer()).isEqualTo("HTTP/1.1 200 OK | late");
            assertThat(command.answer()).isEqualTo("HTTP/1.1 200 OK | late");
            assertThat(since(began)).isGreaterThanOrEqualTo(LATE);
        }
    }

    /** The times between so many signs of life of a stream that has nothing else to say. */
    private static List<Duration> gapsOf(RawClient stream, int count) throws IOException {
        List<Duration> gaps = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        long last = System.nanoTime();
        while (gaps.size() < count) {
            int next = stream.in.read();
            if (next < 0) {
                throw new IOException("the stream ended after " + gaps);
            }
            if (next != '\n') {
                line.append((char) next);
                continue;
            }
            if (line.toString().equals(": heartbeat")) {
                gaps.add(since(last));
                last = System.nanoTime();
            }
            line.setLength(0);
        }
        return gaps;
    }
}
