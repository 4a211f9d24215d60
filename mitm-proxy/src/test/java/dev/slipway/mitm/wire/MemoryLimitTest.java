package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RawClient;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one session holds in memory is bounded, told when it is too much, and not paid for by the others. */
@NullMarked
class MemoryLimitTest {
    private static final String HOST = "api.example.com";
    private static final String REQUEST = "GET http://" + HOST + "/%s HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";

    @TempDir
    Path folder;

    @Test
    void whoHoldsTooMuchIsToldToTryAgainAndOthersGoOn() throws Exception {
        try (Origin origin = origin();
                RunningProxy proxy = proxy(origin, 4_000_000)) {
            Path other = proxy.doors().open(new Door("session-2", RunningProxy.PROJECT, RunningProxy.terms(HOST)));
            List<SocketChannel> readingNothing = new ArrayList<>();
            for (int i = 0; i < 18; i++) {
                readingNothing.add(asking(proxy.socket(), "endless"));
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> proxy.services().memory().held() > 3_200_000);

            assertThat(RawClient.exchange(proxy, REQUEST.formatted("quick")))
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("retry-after: 2")
                    .contains("egress-crowded");
            try (SocketChannel modest = asking(other, "quick")) {
                assertThat(firstLine(modest))
                        .as("with %s bytes held", proxy.services().memory().held())
                        .startsWith("HTTP/1.1 200");
            }

            for (SocketChannel slow : readingNothing) {
                slow.close();
            }
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(RawClient.exchange(proxy, REQUEST.formatted("quick")))
                            .startsWith("HTTP/1.1 200"));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(proxy.services().memory().held()).isZero());
        }
    }

    @Test
    void aBodyThatNobodyTakesYetCountsWithItsStreamsWindow() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(HOST + "=https://127.0.0.1:" + silent.getLocalPort())
                        .allowing(HOST)
                        .start();
                HttpClient client = proxy.client(HttpClient.Version.HTTP_2)) {
            MemoryLimit memory = proxy.services().memory();

            var answer = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("https://" + HOST + "/"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[4 << 20]))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());

            await().atMost(Duration.ofSeconds(8))
                    .until(() -> memory.held() >= StreamConnection.STREAM_WINDOW_BYTES + MemoryLimit.STREAM_BYTES);
            assertThat(answer).isNotDone();
            client.shutdownNow();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(memory.held()).isZero());
        }
    }

    @Test
    void socksIsRefusedByItsOwnCode() throws Exception {
        try (Origin origin = origin();
                RunningProxy proxy = proxy(origin, 40_000)) {
            String socks = "\5\1\0" + "\5\1\0\3" + (char) HOST.length() + HOST + "\0\120";

            assertThat(RawClient.exchange(proxy, socks)).startsWith("\5\0" + "\5\1");
        }
    }

    @Test
    void onTcpTooItIsToldAndLogged() throws Exception {
        try (Origin origin = origin();
                RunningProxy proxy = proxy(origin, 40_000);
                SocketChannel first = connected(proxy.socket())) {
            assertThat(first.isConnected()).isTrue();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> proxy.services().memory().held() > 0);
            String token = proxy.tokenOf(RunningProxy.SESSION);
            String pair = Base64.getEncoder()
                    .encodeToString((RunningProxy.SESSION + ":" + token).getBytes(StandardCharsets.US_ASCII));

            assertThat(overTcp(
                            proxy,
                            REQUEST.formatted("quick")
                                    .replace("\r\n\r\n", "\r\nProxy-Authorization: Basic " + pair + "\r\n\r\n")))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("egress-crowded");
            assertThat(overTcp(
                            proxy,
                            "\5\1\2\1" + (char) RunningProxy.SESSION.length() + RunningProxy.SESSION
                                    + (char) token.length() + token))
                    .isEqualTo("\5\2\1\1");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(proxy.records())
                            .extracting(EgressRecord::scheme, EgressRecord::decision)
                            .containsExactly(tuple("http", "failed"), tuple("socks", "failed")));
        }
    }

    @Test
    void theOneConnectionTooManyOfASessionIsToldWhy() throws Exception {
        try (Origin origin = origin();
                RunningProxy proxy = proxy(origin, 1 << 30)) {
            List<SocketChannel> open = new ArrayList<>();
            for (int i = 0; i < 1_024; i++) {
                open.add(connected(proxy.socket()));
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> proxy.doors()
                                    .find(RunningProxy.SESSION)
                                    .orElseThrow()
                                    .connections()
                            == 1_024);

            assertThat(RawClient.exchange(proxy, REQUEST.formatted("quick"))).startsWith("HTTP/1.1 503 ");

            for (SocketChannel channel : open) {
                channel.close();
            }
        }
    }

    private Origin origin() throws Exception {
        return Origin.plain((head, in, out) -> {
            if (head.target().equals("/quick")) {
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                return true;
            }
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] piece = new byte[16_384];
            while (true) {
                out.write(piece);
            }
        });
    }

    private RunningProxy proxy(Origin origin, long memory) throws Exception {
        return new RunningProxy.Builder()
                .trusting(new TestOriginCertificates(folder))
                .upstreams(HOST + "=http://127.0.0.1:" + origin.port())
                .allowing(HOST)
                .memory(memory)
                .start();
    }

    /** What comes until the connection ends. */
    private static String overTcp(RunningProxy proxy, String bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.tcpPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static SocketChannel asking(Path socket, String path) throws Exception {
        SocketChannel channel = connected(socket);
        channel.write(ByteBuffer.wrap(REQUEST.formatted(path).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    /** The kernel queues a limited number of connections that nobody has taken yet. */
    private static SocketChannel connected(Path socket) throws Exception {
        for (int attempt = 0; ; attempt++) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException busy) {
                channel.close();
                if (attempt > 2_000) {
                    throw busy;
                }
                Thread.sleep(5);
            }
        }
    }

    private static String firstLine(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4_096);
        channel.read(buffer);
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    }
}
