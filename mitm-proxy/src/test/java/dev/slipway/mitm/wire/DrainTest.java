package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The proxy is asked to end while it works. */
@NullMarked
class DrainTest {
    private static final String HOST = "api.example.com";

    @Test
    void anAnswerUnderWayIsFinishedAndIdleConnectionsDoNotHoldTheEndUp() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (Origin origin = Origin.plain((head, in, out) -> {
                    boolean slow = head.target().equals("/slow");
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    if (slow) {
                        asked.countDown();
                        Thread.sleep(700);
                    }
                    out.write("67890".getBytes(StandardCharsets.US_ASCII));
                    return true;
                });
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(HOST + "=http://127.0.0.1:" + origin.port())
                        .allowing(HOST)
                        .start()) {
            HttpClient client = proxy.client(HttpClient.Version.HTTP_1_1);
            assertThat(client.send(request("/quick"), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .isEqualTo("1234567890");
            CompletableFuture<HttpResponse<String>> slow =
                    client.sendAsync(request("/slow"), HttpResponse.BodyHandlers.ofString());
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

            long started = System.nanoTime();
            proxy.doors().close(Duration.ofSeconds(20));

            assertThat(slow.get(10, TimeUnit.SECONDS).body()).isEqualTo("1234567890");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
            assertThat(proxy.socket()).doesNotExist();
        }
    }

    private static HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + HOST + path))
                .timeout(Duration.ofSeconds(20))
                .build();
    }
}
