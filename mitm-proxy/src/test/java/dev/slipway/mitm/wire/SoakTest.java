package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Much of everything for a while: no buffer leaks (paranoid detection, checked when the proxy closes) and no descriptor stays open. The
 * system property {@code slipway.soak.seconds} makes it longer than the six seconds of a test run.
 */
@NullMarked
class SoakTest {
    private static final String HOST = "api.example.com";

    @TempDir
    Path folder;

    /** The socket of a session that sends rubbish in a flood, and fills its own number of connections alone. */
    private Path hostile = Path.of("");

    @Test
    void descriptorsAndBuffersComeBack() throws Exception {
        TestOriginCertificates certificates = new TestOriginCertificates(folder);
        long seconds = Long.getLong("slipway.soak.seconds", 6);
        try (Origin origin = Origin.tls(certificates.serverOf(HOST), Origin.text("hello"));
                RunningProxy proxy = new RunningProxy.Builder()
                        .upstreams(HOST + "=https://127.0.0.1:" + origin.port())
                        .trusting(certificates)
                        .allowing(HOST)
                        .start()) {
            hostile = proxy.doors().open(new Door("session-2", RunningProxy.PROJECT, RunningProxy.terms(HOST)));
            run(proxy, 2);
            settle(proxy);
            long before = descriptors();
            long residentBefore = resident();
            long done = run(proxy, seconds);
            settle(proxy);

            assertThat(done).isGreaterThan(seconds);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 12));
            System.out.println("soak: " + done + " requests in " + seconds + " s, descriptors " + before + " -> "
                    + descriptors() + ", resident " + residentBefore + " -> " + resident() + " MB");
        }
    }

    private long run(RunningProxy proxy, long seconds) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        List<Future<Long>> working = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                int seed = i;
                working.add(workers.submit(() -> seed < 4 ? requests(proxy, seed, until) : nonsense(seed, until)));
            }
            long done = 0;
            for (Future<Long> worker : working) {
                done += worker.get();
            }
            return done;
        }
    }

    private static long requests(RunningProxy proxy, int seed, long until) throws Exception {
        long done = 0;
        while (System.nanoTime() < until) {
            try (HttpClient client =
                    proxy.client(seed % 2 == 0 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)) {
                for (int i = 0; i < 20 && System.nanoTime() < until; i++) {
                    boolean refused = i % 7 == 6;
                    HttpRequest request = HttpRequest.newBuilder(
                                    URI.create(refused ? "http://no.example.com/" : "https://" + HOST + "/" + i))
                            .timeout(Duration.ofSeconds(30))
                            .build();
                    int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    assertThat(status).isEqualTo(refused ? 403 : 200);
                    done++;
                }
            }
        }
        return done;
    }

    /** Clients that send half a request or rubbish and leave. */
    private long nonsense(int seed, long until) throws Exception {
        Random random = new Random(seed);
        long done = 0;
        while (System.nanoTime() < until) {
            done += rubbish(random) ? 1 : 0;
        }
        return done;
    }

    private boolean rubbish(Random random) throws IOException, InterruptedException {
        byte[] bytes = new byte[random.nextInt(600) + 1];
        random.nextBytes(bytes);
        byte[] start = ("CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + ":443\r\n\r\n\u0016\u0003\u0001")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        System.arraycopy(start, 0, bytes, 0, Math.min(random.nextInt(start.length), bytes.length));
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(hostile));
            channel.write(ByteBuffer.wrap(bytes));
            return true;
        } catch (IOException busy) {
            // More connections at once than the kernel queues, or the proxy was quicker in hanging up.
            Thread.sleep(5);
            return false;
        }
    }

    /** Until the connections of clients that left are gone. */
    private static void settle(RunningProxy proxy) throws Exception {
        for (int i = 0;
                i < 100
                        && proxy.doors()
                                        .find(RunningProxy.SESSION)
                                        .orElseThrow()
                                        .connections()
                                > 0;
                i++) {
            Thread.sleep(100);
        }
        Thread.sleep(500);
    }

    /** The whole test's process, the clients included. */
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .sum();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
