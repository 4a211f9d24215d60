package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes through the gateway, and how, seen from bare sockets at both ends. */
class ProxyTest {
    private static final String SESSIONS = "/api/projects/local/sessions";

    private static final Semaphore SSE_GO = new Semaphore(0);
    private static final AtomicBoolean SSE_CLOSED = new AtomicBoolean();
    private static final AtomicLong UPLOADED = new AtomicLong();
    private static final AtomicInteger STALE = new AtomicInteger();
    private static final AtomicLong PUSHED = new AtomicLong();

    private static ScriptedService service;
    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        service = new ScriptedService(ProxyTest::script);
        gateway = Gateways.anonymous(service.url(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    @BeforeEach
    void nothingIsLeftOfTheTestBefore() {
        SSE_GO.drainPermits();
        SSE_CLOSED.set(false);
        UPLOADED.set(0);
        PUSHED.set(0);
    }

    private static void script(String head, InputStream in, OutputStream out, Socket socket) throws Exception {
        String path = head.split(" ", 3)[1];
        if (path.endsWith("/sse")) {
            ScriptedService.send(
                    out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            ScriptedService.send(out, "9\r\ndata: 1\n\n\r\n");
            if (!SSE_GO.tryAcquire(20, TimeUnit.SECONDS)) {
                return;
            }
            ScriptedService.send(out, "9\r\ndata: 2\n\n\r\n");
            SSE_CLOSED.set(in.read() < 0);
        } else if (path.contains("/files/write")) {
            byte[] buffer = new byte[64 * 1024];
            long left = Long.parseLong(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    return;
                }
                left -= read;
                UPLOADED.addAndGet(read);
            }
            ScriptedService.ok(out, "stored");
        } else if (path.endsWith("/endless")) {
            ScriptedService.send(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk =
                    ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            while (true) {
                out.write(chunk);
                PUSHED.addAndGet(chunk.length);
            }
        } else if (path.contains("/terminal/ws")) {
            ScriptedService.send(
                    out,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello");
            in.transferTo(out);
            socket.close();
        } else if (path.endsWith("/stale")) {
            ScriptedService.ok(out, "stale " + STALE.incrementAndGet());
            socket.close();
        } else if (path.endsWith("/cut")) {
            ScriptedService.send(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
            socket.close();
        } else if (path.endsWith("/nothing")) {
            socket.close();
        } else if (path.endsWith("/until-close")) {
            ScriptedService.send(out, "HTTP/1.1 200 OK\r\n\r\nthe end is the end");
            socket.close();
        } else {
            ScriptedService.ok(out, "answer to " + path);
        }
    }

    private static RawClient client() throws Exception {
        return new RawClient(gateway.getPort());
    }

    @Test
    void aRequestReachesTheServiceWithAnIdentityAndWithoutWhatIsNotTheirs() throws Exception {
        try (RawClient client = client()) {
            client.get(
                    SESSIONS + "/one?x=%20y",
                    "X-Slipway-Identity: forged\r\n",
                    "X-Request-Id: abc.1\r\n",
                    "Connection: keep-alive, X-Secret-Hop\r\n",
                    "X-Secret-Hop: 1\r\n",
                    "X-Forwarded-For: 9.9.9.9\r\n",
                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
            String answer = client.answer();

            assertThat(answer).isEqualTo("HTTP/1.1 200 OK | answer to /internal/projects/local/sessions/one?x=%20y");
            String head = service.heads.stream()
                    .filter(seen -> seen.contains("/sessions/one?"))
                    .findFirst()
                    .orElseThrow();
            assertThat(head)
                    .containsIgnoringCase("x-slipway-identity: ey")
                    .containsIgnoringCase("x-request-id: abc.1")
                    .containsIgnoringCase("traceparent: 00-0af7651916cd43dd8448eb211c80319c")
                    .doesNotContain("forged", "X-Secret-Hop", "9.9.9.9");
        }
    }

    @Test
    void eventsOfAServicePassAtOnceAndItLearnsThatTheClientHasGone() throws Exception {
        try (RawClient client = client()) {
            client.get(SESSIONS + "/sse");

            assertThat(client.head()).startsWith("HTTP/1.1 200").contains("text/event-stream");
            assertThat(client.text(14)).contains("data: 1");
            SSE_GO.release();
            assertThat(client.text(14)).contains("data: 2");
        }

        await().atMost(Duration.ofSeconds(20)).untilTrue(SSE_CLOSED);
    }

    @Test
    void anUploadOf300MegabytesPassesInLittleMemory() throws Exception {
        long bytes = 300L << 20;
        try (RawClient client = client()) {
            client.send("PUT " + SESSIONS + "/s/files/write HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + bytes
                    + "\r\n\r\n");
            byte[] block = new byte[1 << 20];
            long highest = 0;
            for (int i = 0; i < 300; i++) {
                client.out.write(block);
                if (i % 50 == 49) {
                    highest = Math.max(highest, io.netty.util.internal.PlatformDependent.usedDirectMemory());
                }
            }

            assertThat(client.answer()).isEqualTo("HTTP/1.1 200 OK | stored");
            assertThat(UPLOADED).hasValue(bytes);
            assertThat(highest).isLessThan(64L << 20);
        }
    }

    @Test
    void aReaderThatStallsHoldsTheServiceBack() throws Exception {
        try (RawClient client = client()) {
            client.get(SESSIONS + "/endless");
            client.head();

            long before = -1;
            while (before != PUSHED.get()) {
                before = PUSHED.get();
                Thread.sleep(700);
            }

            assertThat(before).isLessThan(64L << 20);
        }
    }

    @Test
    void aWebSocketIsATunnelBothWays() throws Exception {
        try (RawClient client = client()) {
            client.get(
                    SESSIONS + "/s/terminal/ws",
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
                    "Origin: http://localhost\r\n");

            assertThat(client.head()).startsWith("HTTP/1.1 101").containsIgnoringCase("upgrade: websocket");
            assertThat(client.text(5)).isEqualTo("hello");
            for (int i = 0; i < 100; i++) {
                client.send("echo " + (i % 10));
                assertThat(client.text(6)).isEqualTo("echo " + (i % 10));
            }
        }
    }

    @Test
    void proxiedAndOwnRequestsMixOnOneConnection() throws Exception {
        try (RawClient client = client()) {
            for (int i = 0; i < 20; i++) {
                client.get(SESSIONS + "/mix" + i);
                assertThat(client.answer()).endsWith("/sessions/mix" + i);
                client.get("/healthz");
                assertThat(client.answer()).isEqualTo("HTTP/1.1 200 OK | {\"ok\":true}");
            }
        }
    }

    @Test
    void requestsSentAheadAreAnsweredInOrder() throws Exception {
        try (RawClient client = client()) {
            String own = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
            String proxied = "GET " + SESSIONS + "/ahead HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.send(proxied + own + own + proxied + own);

            assertThat(client.answer()).endsWith("/sessions/ahead");
            assertThat(client.answer()).endsWith("{\"ok\":true}");
            assertThat(client.answer()).endsWith("{\"ok\":true}");
            assertThat(client.answer()).endsWith("/sessions/ahead");
            assertThat(client.answer()).endsWith("{\"ok\":true}");
        }
    }

    @Test
    void aConnectionThatTheServiceClosedIsReplacedForASafeRequest() throws Exception {
        try (RawClient client = client()) {
            client.get(SESSIONS + "/stale");
            assertThat(client.answer()).contains("stale ");
            Thread.sleep(50);
            client.get(SESSIONS + "/stale");
            assertThat(client.answer()).contains("stale ");
        }
    }

    @Test
    void aBodyThatBreaksOffIsSeenToBreakOff() throws Exception {
        try (RawClient client = client()) {
            client.get(SESSIONS + "/cut");

            assertThat(client.head()).containsIgnoringCase("content-length: 100");
            assertThat(client.text(9)).isEqualTo("only this");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aBodyThatEndsWithTheConnectionGetsChunks() throws Exception {
        try (RawClient client = client()) {
            client.get(SESSIONS + "/until-close");

            assertThat(client.head()).containsIgnoringCase("transfer-encoding: chunked");
            assertThat(client.text(29)).contains("the end is the end").endsWith("0\r\n\r\n");
        }
    }

    @Test
    void aServiceThatSaysNothingIsABadGateway() throws Exception {
        try (RawClient client = client()) {
            client.get(SESSIONS + "/nothing");

            assertThat(client.answer()).startsWith("HTTP/1.1 502").contains("problems/bad-gateway");
        }
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedBeforeItIsSent() throws Exception {
        try (RawClient client = client()) {
            client.send("POST " + SESSIONS + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11000000\r\n\r\n");

            assertThat(client.answer()).startsWith("HTTP/1.1 413").contains("problems/too-large");
        }
    }

    @Test
    void aClientMayWaitForLeaveToSendItsBody() throws Exception {
        try (RawClient client = client()) {
            client.send("PUT " + SESSIONS + "/s/files/write?wait HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
                    + "Expect: 100-continue\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 100");
            client.send("body");

            assertThat(client.answer()).isEqualTo("HTTP/1.1 200 OK | stored");
        }
    }

    @Test
    void theSameRequestWithTheSameKeyIsDoneOnce() throws Exception {
        String request = "POST " + SESSIONS
                + "?once HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k1\r\nContent-Length: 2\r\n\r\n";
        try (RawClient client = client()) {
            client.send(request + "{}");
            String first = client.answer();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                client.send(request + "{}");
                assertThat(client.answer()).isEqualTo(first);
            });
            client.send(request + "[]");

            assertThat(client.answer()).startsWith("HTTP/1.1 422");
            assertThat(service.heads.stream().filter(head -> head.contains("?once")))
                    .hasSize(1);
        }
    }
}
