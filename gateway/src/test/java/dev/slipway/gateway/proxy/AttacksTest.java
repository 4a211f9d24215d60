package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients do that mean no good, on bare sockets. The gateway's patience is two seconds here instead of a minute; after each attack,
 * and in its middle, somebody else is served.
 */
class AttacksTest {
    private static final String SESSIONS = "/api/projects/local/sessions";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static ScriptedService service;
    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        service = new ScriptedService(AttacksTest::script);
        gateway = Gateways.anonymous(
                service.url(), Map.of("slipway.routing.head-within", "2s", "slipway.routing.body-within", "2s"));
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    @AfterEach
    void othersAreServed() throws IOException {
        assertServed(gateway);
    }

    private static void script(String head, InputStream in, OutputStream out, Socket socket) throws Exception {
        String path = head.split(" ", 3)[1];
        if (path.endsWith("/reads-all")) {
            in.transferTo(OutputStream.nullOutputStream());
        } else if (path.endsWith("/steady")) {
            in.readNBytes(30_000);
            ScriptedService.ok(out, "all of it");
        } else {
            ScriptedService.ok(out, "answer to " + path);
        }
    }

    private static void assertServed(EmbeddedServer server) throws IOException {
        try (RawClient other = new RawClient(server.getPort())) {
            other.get(SESSIONS + "/other");
            assertThat(other.answer()).endsWith("/sessions/other");
            other.get("/healthz");
            assertThat(other.answer()).contains("200");
        }
    }

    private static RawClient client() throws IOException {
        return new RawClient(gateway.getPort());
    }

    /** Sends a letter now and then until the other side has had enough, and tells after how long that was. */
    private static Duration dribble(RawClient client, String letter) throws Exception {
        long began = System.nanoTime();
        client.socket.setSoTimeout(200);
        while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(30)) {
            try {
                client.send(letter);
                if (client.in.read() < 0) {
                    break;
                }
                // It began to answer: a refusal, whose rest the test does not need.
                client.in.skip(Long.MAX_VALUE);
            } catch (java.net.SocketTimeoutException _) {
                // Nothing said yet.
            } catch (SocketException _) {
                break;
            }
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void assertCutInTime(Duration after) {
        assertThat(after).isBetween(PATIENCE.dividedBy(2), Duration.ofSeconds(20));
    }

    @Test
    void aConnectionThatSaysNothingIsCut() throws Exception {
        try (RawClient silent = client()) {
            long began = System.nanoTime();
            assertThat(silent.atEnd()).isTrue();
            assertCutInTime(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    @Test
    void aHeadThatDribblesIsCut() throws Exception {
        try (RawClient slow = client()) {
            slow.send("GET " + SESSIONS + " HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

            assertCutInTime(dribble(slow, "x"));
        }
    }

    @Test
    void aSecondHeadThatDribblesIsCutToo() throws Exception {
        try (RawClient slow = client()) {
            slow.get(SESSIONS + "/first");
            slow.answer();
            slow.send("GET " + SESSIONS + " HTTP/1.1\r\nX-Slow: ");

            assertCutInTime(dribble(slow, "x"));
        }
    }

    @Test
    void aBodyThatDribblesToAServiceIsCut() throws Exception {
        try (RawClient slow = client()) {
            slow.send("POST " + SESSIONS + "/reads-all HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");

            assertCutInTime(dribble(slow, "x"));
        }
    }

    @Test
    void aBodyThatStopsIs408() throws Exception {
        try (RawClient slow = client()) {
            slow.send("POST " + SESSIONS + "/reads-all HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx");

            assertThat(slow.answer()).startsWith("HTTP/1.1 408").contains("problems/request-timeout");
        }
    }

    @Test
    void aBodyThatComesSteadilyIsNot() throws Exception {
        try (RawClient steady = client()) {
            steady.send("POST " + SESSIONS + "/steady HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000\r\n\r\n");
            for (int i = 0; i < 30; i++) {
                steady.send("x".repeat(1_000));
                Thread.sleep(200);
            }

            assertThat(steady.answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyThatDribblesToARouteOfOursIsCut() throws Exception {
        try (RawClient slow = client()) {
            slow.send(
                    "POST /api/projects HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n");

            assertCutInTime(dribble(slow, " "));
        }
    }

    /** Such a body is read as a whole, whoever it is for, before anybody has to do with it. */
    @Test
    void aBodyThatDribblesUnderAnIdempotencyKeyIsCut() throws Exception {
        try (RawClient slow = client()) {
            slow.send("POST " + SESSIONS
                    + "/keyed HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: slow\r\nContent-Length: 100000\r\n\r\n");

            assertCutInTime(dribble(slow, "x"));
        }
        assertThat(service.heads).noneMatch(head -> head.contains("/keyed"));
    }

    @Test
    void aHundredDribblersHoldNobodyUp() throws Exception {
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                RawClient one = client();
                slow.add(one);
                one.send(
                        (i % 2 == 0
                                ? "GET " + SESSIONS
                                : "POST " + SESSIONS + "/reads-all HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Content-Length: 100000\r\n\r\nx"));
            }
            for (int i = 0; i < 10; i++) {
                assertServed(gateway);
            }
            for (RawClient one : slow) {
                one.in.readAllBytes();
            }
        } finally {
            for (RawClient one : slow) {
                one.close();
            }
        }
    }

    @Test
    void headersBeyondTheLimitAre431() throws Exception {
        try (RawClient one = client();
                RawClient many = client()) {
            one.get("/api/projects", "X-Large: " + "x".repeat(20_000) + "\r\n");
            many.get("/api/projects", "X-Many: 0123456789\r\n".repeat(1_000));

            assertThat(one.answer()).startsWith("HTTP/1.1 431");
            assertThat(many.answer()).startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void aRequestLineBeyondTheLimitIs414() throws Exception {
        try (RawClient client = client()) {
            client.get("/api/projects?" + "x".repeat(20_000));

            assertThat(client.answer()).startsWith("HTTP/1.1 414");
        }
    }

    @Test
    void aBodyThatIsSaidToBeTooLargeIs413AtOnce() throws Exception {
        try (RawClient proxied = client();
                RawClient own = client()) {
            proxied.send("POST " + SESSIONS + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11000000\r\n\r\n");
            own.send(
                    "POST /api/projects HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 11000000\r\n\r\n");

            assertThat(proxied.answer()).startsWith("HTTP/1.1 413");
            assertThat(own.answer()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aBodyInChunksIsCutWhereItGetsTooLarge() throws Exception {
        long before = service.heads.stream()
                .filter(head -> head.contains("/reads-all"))
                .count();
        try (RawClient large = client()) {
            large.send("POST " + SESSIONS
                    + "/reads-all HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            long sent = 0;
            try {
                for (int i = 0; i < 64; i++) {
                    large.send("100000\r\n" + "x".repeat(0x100000) + "\r\n");
                    sent += 0x100000;
                }
            } catch (IOException _) {
                // It was refused while it was being sent.
            }

            // Ten megabytes, and what was on its way in both buffers.
            assertThat(sent).isLessThan(32L << 20);
        }
        assertThat(service.heads.stream()
                        .filter(head -> head.contains("/reads-all"))
                        .count())
                .isCloseTo(before + 1, within(0L));
    }

    @Test
    void tenThousandHalfOpenConnectionsKeepNobodyFromBeingServed() throws Exception {
        EmbeddedServer patient = Gateways.anonymous(service.url(), Map.of());
        Process halfOpen = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Path.of("target/test-classes").toAbsolutePath().toString(),
                        HalfOpenClients.class.getName(),
                        Integer.toString(patient.getPort()),
                        "10000")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(new BufferedReader(new InputStreamReader(halfOpen.getInputStream(), StandardCharsets.UTF_8))
                            .readLine())
                    .isEqualTo("open 10000");
            for (int i = 0; i < 20; i++) {
                long began = System.nanoTime();
                assertServed(patient);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            }
        } finally {
            halfOpen.destroy();
            patient.close();
        }
    }

    @Test
    void twoHundredRequestsSentAheadAreAnsweredInOrder() throws Exception {
        try (RawClient client = client()) {
            StringBuilder ahead = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                ahead.append("GET ")
                        .append(SESSIONS)
                        .append("/p")
                        .append(i)
                        .append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            client.send(ahead.toString());

            for (int i = 0; i < 200; i++) {
                assertThat(client.answer()).endsWith("/sessions/p" + i);
            }
        }
    }

    @Test
    void whoSendsAheadWithoutEndAndReadsNothingIsNotKeptInMemory() throws Exception {
        try (RawClient client = client()) {
            String ahead = ("GET " + SESSIONS + "/flood HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(500);
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send(ahead);
                    }
                } catch (IOException _) {
                    // Cut, or the test is over.
                }
            });
            Thread.sleep(3_000);
            int asked = (int) service.heads.stream()
                    .filter(head -> head.contains("/flood"))
                    .count();
            Thread.sleep(1_000);

            // Held back by what it does not read, or cut.
            assertThat((int) service.heads.stream()
                            .filter(head -> head.contains("/flood"))
                            .count())
                    .isLessThanOrEqualTo(Math.max(asked + 1_000, asked * 2));
            client.socket.close();
            writer.join();
        }
    }

    /** Each holds a second request in what one reader takes for the body of the first, and another does not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                " Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding:\u000bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: \u0000chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: \"chunked\"\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
                "Content-Length: 0, 5\r\n\r\n",
                "Content-Length: +0\r\n\r\n",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: 0x0\r\n\r\n",
                "Content-Length: 0 5\r\n\r\n",
                "Content-Length:\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n"
            })
    void aRequestInsideAnotherReachesNoService(String framing) throws Exception {
        String marker = "smuggled-" + Integer.toHexString(framing.hashCode());
        try (RawClient smuggler = client()) {
            smuggler.send("POST " + SESSIONS + "/reads-all HTTP/1.1\r\nHost: localhost\r\n" + framing + "GET "
                    + SESSIONS + "/" + marker + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            String all;
            try {
                all = new String(smuggler.in.readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (SocketException _) {
                all = "";
            }
            assertThat(all).doesNotContain("200 OK").doesNotContain(marker);
        }
        assertThat(service.heads).noneMatch(head -> head.contains(marker));
    }

    /** What HTTP/1.0 knows nothing of must not be passed on as if it did. */
    @Test
    void chunksInHttp10AreRefused() throws Exception {
        try (RawClient client = client()) {
            client.send(
                    "POST " + SESSIONS + " HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

            assertThat(client.answer()).startsWith("HTTP/1.1 400");
            assertThat(client.atEnd()).isTrue();
        }
    }
}
