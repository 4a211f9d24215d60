package dev.slipway.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.testing.EmbeddedServers;
import io.micronaut.context.ApplicationContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that are read as they come, from a server that says what a test wants and then nothing more. */
@NullMarked
class InternalStreamTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final CountDownLatch over = new CountDownLatch(1);
    private ServerSocket server;
    private ApplicationContext context;
    private volatile String answer = "";

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        Map<String, Object> settings = new HashMap<>(EmbeddedServers.properties());
        settings.put("micronaut.application.name", "session-service");
        settings.put("slipway.services.quiet.url", "http://127.0.0.1:" + server.getLocalPort());
        context = ApplicationContext.run(settings);
    }

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        server.close();
        context.close();
    }

    private void serve() {
        try (Socket socket = server.accept();
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            String line = request.readLine();
            while (line != null && !line.isEmpty()) {
                line = request.readLine();
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            over.await();
        } catch (IOException | InterruptedException _) {
            // The test is over.
        }
    }

    private InputStream open(Duration silence) {
        return context.getBean(InternalClient.class).stream(
                Caller.system("session-service", null), "quiet", "/journal", silence);
    }

    @Test
    void whatCameIsReadAtOnceAndSilenceEndsIt() throws IOException {
        answer = HEAD + "6\r\nhello\n\r\n";
        try (InputStream body = open(Duration.ofMillis(300))) {
            assertThat(body.readNBytes(6)).asString(StandardCharsets.UTF_8).isEqualTo("hello\n");
            assertThatThrownBy(body::read).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aReaderThatIsInterruptedStops() throws Exception {
        answer = HEAD;
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try (InputStream body = open(Duration.ofMinutes(1))) {
                body.read();
            } catch (IOException e) {
                end.set(e);
            }
        });
        Thread.sleep(300);

        reader.interrupt();

        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
        assertThat(end.get()).isInstanceOf(IOException.class);
    }

    @Test
    void anErrorIsTold() {
        answer = "HTTP/1.1 503 Away\r\nContent-Type: application/problem+json\r\nContent-Length: 30\r\n\r\n"
                + "{\"status\":503,\"detail\":\"away\"}";

        assertThatThrownBy(() -> open(Duration.ofSeconds(5)))
                .isInstanceOfSatisfying(
                        UpstreamProblemException.class,
                        e -> assertThat(e.status()).isEqualTo(503));
    }

    @Test
    void whoDoesNotListenIsUnavailable() throws IOException {
        server.close();

        assertThatThrownBy(() -> open(Duration.ofSeconds(5))).isInstanceOf(UpstreamUnavailableException.class);
    }
}
