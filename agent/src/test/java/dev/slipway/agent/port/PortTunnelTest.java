package dev.slipway.agent.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.agent.http.HttpServer;
import dev.slipway.agent.http.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection to the agent's socket becomes one to a port in the sandbox. */
@Timeout(20)
class PortTunnelTest {
    @TempDir
    private Path folder;

    private ServerSocket served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    @Test
    void bytesGoBothWaysAndEachSideMayEndFirst() throws Exception {
        Thread.ofVirtual().start(() -> shout(served));

        String answer = talk(served.getLocalPort(), 17080, "quiet");

        assertThat(answer)
                .startsWith("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
                .endsWith("\r\n\r\nQUIET");
        assertThat(ListeningPorts.now(17080)).contains(served.getLocalPort());
        assertThat(ListeningPorts.now(served.getLocalPort())).doesNotContain(served.getLocalPort());
    }

    @Test
    void aPortWhereNobodyListensIsABrokenUpstream() throws Exception {
        int free;
        try (ServerSocket server = new ServerSocket(0)) {
            free = server.getLocalPort();
        }

        assertThat(talk(free, 17080, "")).startsWith("HTTP/1.1 502");
    }

    @Test
    void theWayOutIsNoPortToBeSeen() throws Exception {
        assertThat(talk(17080, 17080, "")).startsWith("HTTP/1.1 404");
    }

    /** A kernel that waits with a small piece until the one before it is acknowledged waits 40 ms for each request. */
    @Test
    void aRequestInTwoPiecesIsNotHeldBack() throws Exception {
        int requests = 60;
        Router router = new Router().route("GET", "/port", (_, _) -> new PortTunnel(17080).to(served.getLocalPort()));
        Path socket = folder.resolve("a.sock");
        Thread.ofVirtual().start(() -> answerEverySecondByte(served));
        try (HttpServer _ = HttpServer.start(socket, router);
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            write(channel, "GET /port HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
            InputStream answers = Channels.newInputStream(channel);
            readHead(answers);
            long begun = System.nanoTime();
            for (int asked = 0; asked < requests; asked++) {
                write(channel, "a");
                Thread.sleep(1); // so that the tunnel reads them one by one
                write(channel, "b");
                assertThat(answers.read()).isEqualTo('!');
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(20L * requests));
        }
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void readHead(InputStream in) throws IOException {
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            head += (char) in.read();
        }
    }

    private static void answerEverySecondByte(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.setTcpNoDelay(true);
            while (client.getInputStream().readNBytes(2).length == 2) {
                client.getOutputStream().write('!');
            }
        } catch (IOException _) {
            return; // the test has ended
        }
    }

    private String talk(int port, int relayPort, String bytes) throws IOException {
        PortTunnel tunnel = new PortTunnel(relayPort);
        Router router = new Router()
                .route(
                        "GET",
                        "/ports/{port}",
                        (_, path) -> tunnel.to(Integer.parseInt(path.getOrDefault("port", "0"))));
        Path socket = folder.resolve("a.sock");
        try (HttpServer _ = HttpServer.start(socket, router);
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String request = "GET /ports/" + port
                    + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n" + bytes;
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static void shout(ServerSocket server) {
        try (Socket client = server.accept()) {
            String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            client.getOutputStream()
                    .write(text.toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            return; // the test has ended
        }
    }
}
