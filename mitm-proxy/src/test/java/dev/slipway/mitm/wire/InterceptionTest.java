package dev.slipway.mitm.wire;

import static dev.slipway.mitm.testing.RunningProxy.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client inside TLS sees through the proxy, and what the server sees of it. */
@NullMarked
class InterceptionTest {
    private static final String HOST = "api.example.com";

    @TempDir
    Path folder;

    TestOriginCertificates certificates;

    @BeforeEach
    void makeCertificates() throws Exception {
        certificates = new TestOriginCertificates(folder);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aRequestArrivesSignedAndItsAnswerComesBack(HttpClient.Version version) throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), Origin.text("hello"));
                var proxy = proxyTo(origin)) {
            proxy.rules(set(HOST, "Authorization", "Bearer real-key"));

            HttpResponse<String> answer = proxy.client(version)
                    .send(
                            request("/v1?x=secret")
                                    .header("Authorization", "Bearer slipway-placeholder")
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(origin.onlyHead().header("Authorization")).isEqualTo("Bearer real-key");
            assertThat(origin.onlyHead().header("Host")).isEqualTo(HOST);
            assertThat(proxy.records()).singleElement().satisfies(record -> {
                assertThat(record.decision()).isEqualTo("allowed");
                assertThat(record.rule()).isEqualTo("test");
                assertThat(record.host()).isEqualTo(HOST);
                assertThat(record.path()).isEqualTo("/v1?x=…");
                assertThat(record.status()).isEqualTo(200);
                assertThat(record.bytesDown()).isEqualTo(5);
                assertThat(record.credentialIds()).containsExactly("credential-of-Authorization");
            });
        }
    }

    @Test
    void aCredentialThatTheServerSentBackStaysOutOfTheLog() throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), Origin.text("ok"));
                var proxy = proxyTo(origin)) {
            proxy.rules(set(HOST, "Authorization", "Bearer real-key-0123456789"));

            proxy.client(HttpClient.Version.HTTP_1_1)
                    .send(
                            request("/next/real-key-0123456789/x?real-key-0123456789=1")
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(proxy.records())
                    .singleElement()
                    .satisfies(record -> assertThat(record.path()).isEqualTo("/next/…/x?…=…"));
        }
    }

    @Test
    void aRotatedCredentialIsUsedByTheNextRequestOnTheSameConnection() throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), Origin.text("ok"));
                var proxy = proxyTo(origin)) {
            HttpClient client = proxy.client(HttpClient.Version.HTTP_1_1);
            proxy.rules(set(HOST, "X-Key", "old"));
            client.send(request("/").build(), BodyHandlers.ofString());

            proxy.rules(set(HOST, "X-Key", "new"));
            client.send(request("/").build(), BodyHandlers.ofString());

            assertThat(origin.heads()).extracting(head -> head.header("X-Key")).containsExactly("old", "new");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aLargeUploadAndDownloadPassWhole(HttpClient.Version version) throws Exception {
        byte[] body = new byte[20_000_000];
        Arrays.fill(body, (byte) 'x');
        try (var origin = Origin.tls(certificates.serverOf(HOST), (head, in, out) -> {
                    byte[] received = Origin.drainBody(head, in);
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + received.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    out.write(received);
                    return true;
                });
                var proxy = proxyTo(origin)) {
            HttpResponse<byte[]> answer = proxy.client(version)
                    .send(
                            request("/")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            BodyHandlers.ofByteArray());

            assertThat(answer.body()).hasSize(body.length);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void anEventArrivesBeforeTheAnswerEnds(HttpClient.Version version) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (var origin = Origin.tls(certificates.serverOf(HOST), (head, in, out) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    seen.await(10, TimeUnit.SECONDS);
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    return true;
                });
                var proxy = proxyTo(origin)) {
            HttpResponse<InputStream> answer =
                    proxy.client(version).send(request("/").build(), BodyHandlers.ofInputStream());

            try (InputStream body = answer.body()) {
                assertThat(new String(body.readNBytes(9), StandardCharsets.US_ASCII))
                        .isEqualTo("data: 1\n\n");
                seen.countDown();
                assertThat(body.read()).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aTruncatedAnswerIsVisiblyIncomplete(HttpClient.Version version) throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), (head, in, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"
                            .getBytes(StandardCharsets.US_ASCII));
                    return false;
                });
                var proxy = proxyTo(origin)) {
            HttpClient client = proxy.client(version);

            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> client.send(request("/").build(), BodyHandlers.ofString())))
                    .isInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void whenTheClientLeavesTheServerIsToldSo() throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), (head, in, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    return in.read() >= 0;
                });
                var proxy = proxyTo(origin)) {
            HttpResponse<InputStream> answer =
                    proxy.client(HttpClient.Version.HTTP_1_1).send(request("/").build(), BodyHandlers.ofInputStream());
            assertThat(answer.body().read()).isEqualTo('x');

            answer.body().close();

            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(proxy.records()).extracting(EgressRecord::status).containsExactly(200);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void manyRequestsShareConnectionsAndEachGetsItsOwnAnswer(HttpClient.Version version) throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), (head, in, out) -> {
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: "
                                    + head.target().length() + "\r\n\r\n" + head.target())
                            .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    return true;
                });
                var proxy = proxyTo(origin)) {
            HttpClient client = proxy.client(version);

            // Wave after wave: what comes all at once may well need a connection for each, and a client that tries
            // again one more.
            for (int wave = 0; wave < 200; wave += 20) {
                var answers = java.util.stream.IntStream.range(wave, wave + 20)
                        .mapToObj(i -> client.sendAsync(request("/" + i).build(), BodyHandlers.ofString()))
                        .toList();
                for (int i = 0; i < answers.size(); i++) {
                    assertThat(answers.get(i).get(30, TimeUnit.SECONDS).body()).isEqualTo("/" + (wave + i));
                }
            }
            assertThat(origin.heads()).hasSizeGreaterThanOrEqualTo(200);
            assertThat(origin.connections()).isLessThan(100);
        }
    }

    @Test
    void aHostThatNoRuleNamesIsRefusedInWordsAndAtOnce() throws Exception {
        try (var proxy = new RunningProxy.Builder().allowing(HOST).start()) {
            var process = curl(proxy, "-w", " %{http_connect}", "https://other.example.com/");

            assertThat(process).endsWith("403");
            assertThat(proxy.records()).singleElement().satisfies(record -> {
                assertThat(record.decision()).isEqualTo("blocked");
                assertThat(record.host()).isEqualTo("other.example.com");
            });
        }
    }

    @Test
    void theNamesOfConnectHandshakeAndHostMustAgree() throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), Origin.text("no"));
                var proxy = proxyTo(origin)) {
            proxy.rules(set("*", "X-Key", "real-key"));

            assertThat(curl(proxy, "-H", "Host: other.example.com", "https://" + HOST + "/"))
                    .contains("egress-forbidden");
            assertThat(curl(proxy, "--http1.1", "-H", "Host: other.example.com", "https://" + HOST + "/"))
                    .contains("egress-forbidden");
            assertThat(curl(
                            proxy,
                            "--connect-to",
                            "other.example.com:443:" + HOST + ":443",
                            "https://other.example.com/"))
                    .isEmpty();
            assertThat(origin.heads()).isEmpty();
            assertThat(proxy.records())
                    .hasSize(3)
                    .allMatch(record -> record.decision().equals("blocked"));
        }
    }

    @Test
    void withoutItsRulesARequestThatNeedsACredentialIsNotSent() throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), Origin.text("ok"));
                var proxy = proxyTo(origin)) {
            proxy.forgetRules();

            assertThat(curl(proxy, "-H", "X-Key: slipway-placeholder", "https://" + HOST + "/"))
                    .contains("egress-unavailable");
            assertThat(origin.heads()).isEmpty();
            assertThat(curl(proxy, "https://" + HOST + "/")).isEqualTo("ok");
        }
    }

    @Test
    void aSlowReaderSlowsTheServerDown() throws Exception {
        java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
        byte[] piece = new byte[64 * 1024];
        try (var origin = Origin.tls(certificates.serverOf(HOST), (head, in, out) -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    while (written.get() < 1_000_000_000) {
                        out.write(piece);
                        written.addAndGet(piece.length);
                    }
                    return false;
                });
                var proxy = proxyTo(origin)) {
            Process curl = new ProcessBuilder(
                            "curl",
                            "-sS",
                            "--limit-rate",
                            "1k",
                            "--cacert",
                            proxy.authorityFile().toString(),
                            "--proxy",
                            "http://127.0.0.1:" + proxy.relayPort(),
                            "https://" + HOST + "/")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            await().atMost(Duration.ofSeconds(30)).until(() -> written.get() > 0);
            Thread.sleep(3_000);

            assertThat(written.get()).isPositive().isLessThan(50_000_000);

            curl.destroyForcibly().waitFor();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(origin.closedByPeer()).isEqualTo(1));
        }
    }

    @Test
    void aServerThatCannotProveItsNameGetsNoRequest() throws Exception {
        try (var origin = Origin.tls(certificates.serverOf("other.example.com"), Origin.text("no"));
                var proxy = proxyTo(origin)) {
            HttpResponse<String> answer =
                    proxy.client(HttpClient.Version.HTTP_1_1).send(request("/").build(), BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("certificate");
            assertThat(origin.heads()).isEmpty();
        }
    }

    @Test
    void curlSpeaksBothVersionsAndSocksThroughTheSocket() throws Exception {
        try (var origin = Origin.tls(certificates.serverOf(HOST), Origin.text("hello"));
                var proxy = proxyTo(origin)) {
            assertThat(curl(proxy, "--http1.1", "-w", " %{http_version}", "https://" + HOST + "/"))
                    .isEqualTo("hello 1.1");
            assertThat(curl(proxy, "--http2", "-w", " %{http_version}", "https://" + HOST + "/"))
                    .isEqualTo("hello 2");
            assertThat(curl(proxy, "--proxy", "socks5h://127.0.0.1:" + proxy.relayPort(), "https://" + HOST + "/"))
                    .isEqualTo("hello");
            assertThat(curl(proxy, "-I", "https://" + HOST + "/"))
                    .contains("ontent-")
                    .contains("200");
        }
    }

    private RunningProxy proxyTo(Origin origin) throws Exception {
        return new RunningProxy.Builder()
                .trusting(certificates)
                .upstreams(HOST + "=https://127.0.0.1:" + origin.port())
                .allowing(HOST)
                .start();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://" + HOST + path)).timeout(Duration.ofSeconds(20));
    }

    private static String curl(RunningProxy proxy, String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(java.util.List.of(
                "curl",
                "-sS",
                "--max-time",
                "20",
                "--cacert",
                proxy.authorityFile().toString(),
                "--proxy",
                "http://127.0.0.1:" + proxy.relayPort()));
        command.addAll(java.util.List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
