package dev.slipway.container.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.container.host.SessionDirectories;
import dev.slipway.container.runtime.SandboxName;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reaching agents that behave, and others: a sandbox decides what lies in the socket's place and what it answers. */
@NullMarked
class AgentSocketsTest {
    private static final SandboxName NAME = new SandboxName("s1");
    private static final Duration SILENCE_MAX = Duration.ofMillis(400);

    @TempDir
    Path runDir;

    private AgentSockets sockets;
    private Path agent;

    @BeforeEach
    void prepare() throws IOException {
        SessionDirectories directories = new SessionDirectories(runDir.toString());
        directories.prepare(NAME);
        sockets = new AgentSockets(directories);
        agent = directories.agent(NAME);
    }

    @Test
    void aSymbolicLinkInTheSocketsPlaceLeadsNowhere() throws IOException {
        Path foreign = runDir.resolve("foreign.sock");
        try (ServerSocketChannel _ = listen(foreign)) {
            Files.createSymbolicLink(agent.resolve("agent.sock"), foreign);

            assertThatThrownBy(() -> sockets.connect(NAME))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("expected: a socket");
        }
        assertThat(runDir.resolve(NAME.hash()).resolve("link")).isEmptyDirectory();
    }

    @Test
    void nothingInTheSocketsPlaceIsAnError() {
        assertThatThrownBy(() -> sockets.connect(NAME)).isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerInChunksIsReadWhole() throws Exception {
        try (AgentAnswer answer =
                answerTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(new String(answer.body().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("abcde");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc"
            })
    void anAnswerThatBreaksOffIsNoWholeAnswer(String bytes) throws Exception {
        try (AgentAnswer answer = answerTo(bytes)) {
            assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 101 Switching\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200"
            })
    void anAnswerWhoseHeadIsOddIsRefused(String bytes) {
        assertThatThrownBy(() -> answerTo(bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void aSilentAgentIsGivenUp() throws IOException {
        try (ServerSocketChannel _ = listen(agent.resolve("agent.sock"))) {
            long begun = System.nanoTime();

            assertThatThrownBy(() -> AgentExchange.send(sockets.connect(NAME), AgentCall.get("/session"), SILENCE_MAX))
                    .isInstanceOf(IOException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\r\nX: y", "a", ""})
    void aTargetThatWouldBreakTheRequestLineIsRefused(String target) {
        assertThatThrownBy(() -> new AgentCall("GET", target, Map.of(), null, OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The answer of an agent that writes these bytes and closes. */
    private AgentAnswer answerTo(String bytes) throws IOException {
        Path socket = agent.resolve("agent.sock");
        Files.deleteIfExists(socket);
        ServerSocketChannel server = listen(socket);
        Thread.ofVirtual().start(() -> {
            try (server;
                    SocketChannel client = server.accept()) {
                client.read(ByteBuffer.allocate(1024));
                client.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException _) {
                // The reader has had enough, which is what some of these tests are about.
                return;
            }
        });
        return AgentExchange.send(sockets.connect(NAME), AgentCall.get("/session"), SILENCE_MAX);
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }
}
