package dev.slipway.credential.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing that is not on the internet is called, unless an operator vouches for it. */
class PublicAddressesTest {
    private final AtomicInteger called = new AtomicInteger();
    private HttpServer inside;

    @BeforeEach
    void start() throws IOException {
        inside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        inside.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        inside.createContext("/", exchange -> {
            called.incrementAndGet();
            switch (exchange.getRequestURI().getPath()) {
                case "/moved" -> {
                    exchange.getResponseHeaders().set("Location", "/elsewhere");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/slow" -> {
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        for (int i = 0; i < 400; i++) {
                            exchange.getResponseBody().write('x');
                            exchange.getResponseBody().flush();
                            Thread.sleep(100);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                default -> exchange.sendResponseHeaders(200, -1);
            }
            exchange.close();
        });
        inside.start();
    }

    @AfterEach
    void stop() {
        inside.stop(0);
    }

    @Test
    void aPrivateAddressIsNotCalled() throws IOException {
        OutgoingHttp http = http(List.of(), List.of());

        for (String host : List.of("127.0.0.1", "localhost", "[::1]")) {
            assertThatThrownBy(
                            () -> http.call(Outgoing.get(URI.create("https://" + host + ":" + port() + "/"), Map.of())))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("private address");
        }
        assertThatThrownBy(() -> http.call(Outgoing.get(URI.create("http://example.com/"), Map.of())))
                .hasMessageContaining("without TLS");
        assertThat(called).hasValue(0);
        http.close();
    }

    @Test
    void oneThatTheOperatorVouchesForIsCalledAndNoRedirectFollowed() throws Exception {
        OutgoingHttp http = http(List.of("api.example.com=http://127.0.0.1:" + port()), List.of());

        var answer = http.call(Outgoing.get(URI.create("https://api.example.com/moved"), Map.of()));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(called).hasValue(1);
        http.close();
    }

    @Test
    void anAnswerThatTricklesEndsAtTheDeadline() throws Exception {
        OutgoingHttp http = http(List.of(), List.of("127.0.0.1"));
        long begin = System.nanoTime();

        assertThatThrownBy(() -> http.call(Outgoing.get(URI.create("http://127.0.0.1:" + port() + "/slow"), Map.of())))
                .isInstanceOf(UnreachableException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(called).as("and is not asked for again").hasValue(1);
        http.close();
    }

    private int port() {
        return inside.getAddress().getPort();
    }

    private static OutgoingHttp http(List<String> upstreams, List<String> privateHosts) {
        return new OutgoingHttp(new OutgoingSettings(upstreams, privateHosts, "", Duration.ofSeconds(1)));
    }
}
