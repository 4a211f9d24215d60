package dev.slipway.agent.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way out of a sandbox. */
class EgressRelayTest {
    @TempDir
    private Path folder;

    private EgressRelay relay;

    @BeforeEach
    void start() throws IOException {
        relay = EgressRelay.start(0, folder.resolve("e.sock"));
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), relay.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** A proxy that reads all that it is sent, and only then sends it back. */
    private ServerSocketChannel echoAfterEnd() throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("e.sock")));
        Thread.ofVirtual().start(() -> {
            try (SocketChannel client = server.accept()) {
                byte[] all = Channels.newInputStream(client).readAllBytes();
                ByteBuffer answer = ByteBuffer.wrap(all);
                while (answer.hasRemaining()) {
                    client.write(answer);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return server;
    }

    @Test
    void passesTheEndOfOneDirectionOnAndKeepsTheOtherOpen() throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (ServerSocketChannel proxy = echoAfterEnd();
                Socket client = connect()) {
            client.getOutputStream().write(sent);
            client.shutdownOutput();

            byte[] got = client.getInputStream().readAllBytes();

            assertThat(Arrays.equals(got, sent)).isTrue();
            assertThat(proxy.isOpen()).isTrue();
        }
    }

    @Test
    void anHttpClientIsToldAtOnceThatTheProxyIsAway() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream()
                    .write("CONNECT example.org:443 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                    .contains("application/problem+json", "try again");
        }
    }

    @Test
    void aSocksClientIsClosedAtOnceWhenTheProxyIsAway() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(new byte[] {5, 1, 0});

            assertThat(client.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void aProxyThatComesBackIsUsedAgain() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readAllBytes();
        }
        try (ServerSocketChannel proxy = echoAfterEnd();
                Socket client = connect()) {
            client.getOutputStream().write(new byte[] {1, 2, 3});
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).containsExactly(1, 2, 3);
            assertThat(proxy.isOpen()).isTrue();
        }
    }

    /** A kernel that waits with a small piece until the one before it is acknowledged waits 40 ms for each answer. */
    @Test
    void anAnswerInTwoPiecesIsNotHeldBack() throws Exception {
        int answers = 60;
        try (ServerSocketChannel proxy = answersInTwoPieces();
                Socket client = connect()) {
            long begun = System.nanoTime();
            for (int asked = 0; asked < answers; asked++) {
                client.getOutputStream().write('?');
                assertThat(client.getInputStream().readNBytes(2)).containsExactly('o', 'k');
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(20L * answers));
            assertThat(proxy.isOpen()).isTrue();
        }
    }

    private ServerSocketChannel answersInTwoPieces() throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("e.sock")));
        Thread.ofVirtual().start(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer question = ByteBuffer.allocate(1);
                while (client.read(question.clear()) > 0) {
                    client.write(ByteBuffer.wrap(new byte[] {'o'}));
                    Thread.sleep(1); // so that the relay reads them one by one
                    client.write(ByteBuffer.wrap(new byte[] {'k'}));
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return server;
    }
}
