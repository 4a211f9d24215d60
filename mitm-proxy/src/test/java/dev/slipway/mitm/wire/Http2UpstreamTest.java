package dev.slipway.mitm.wire;

import static dev.slipway.mitm.testing.RunningProxy.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.mitm.EgressRecord;
import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.NodeServer;
import dev.slipway.mitm.testing.Programs;
import dev.slipway.mitm.testing.RunningProxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 on both sides, with a server and clients that others wrote: node and curl. */
@NullMarked
class Http2UpstreamTest {
    private static final String HOST = "api.example.com";
    private static final int STREAMS = 10;

    @TempDir
    Path folder;

    @Test
    void aStreamGoesOutAsAStreamSignedAndWithNothingOfOurs() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            proxy.rules(set(HOST, "authorization", "Bearer real-key"));

            String seen = curl(
                    proxy,
                    "--http2",
                    "-H",
                    "authorization: Bearer slipway-placeholder",
                    "-H",
                    "te: trailers",
                    "https://" + HOST + "/seen?a=b");

            assertThat(seen)
                    .contains("\":authority\":\"" + HOST + "\"", "\":path\":\"/seen?a=b\"", "\":scheme\":\"https\"")
                    .contains("\"authorization\":\"Bearer real-key\"", "\"te\":\"trailers\"")
                    .doesNotContain("x-http2", "placeholder", "\"connection\"", "\"host\"");
            assertThat(proxy.records()).singleElement().satisfies(record -> {
                assertThat(record.decision()).isEqualTo("allowed");
                assertThat(record.status()).isEqualTo(200);
                assertThat(record.bytesDown()).isEqualTo(seen.length());
                assertThat(record.credentialIds()).containsExactly("credential-of-authorization");
            });
        }
    }

    @Test
    void aServerIsSpokenToAsTheClientSpeaks() throws Exception {
        try (var server = NodeServer.http2(folder, HOST, STREAMS, true);
                var proxy = proxyTo(server)) {
            for (int i = 0; i < 4; i++) {
                // Connections that are idle meanwhile are of the other version.
                assertThat(curl(proxy, "--http1.1", "https://" + HOST + "/")).isEqualTo("one");
                assertThat(curl(proxy, "--http2", "https://" + HOST + "/")).isEqualTo("two");
            }
        }
    }

    @Test
    void aClientOfTheOldVersionReachesAServerOfTheNewOneOnly() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            assertThat(curl(proxy, "--http1.1", "-w", " %{http_version}", "https://" + HOST + "/"))
                    .isEqualTo("two 1.1");
            assertThat(curl(proxy, "--http1.1", "-i", "https://" + HOST + "/empty"))
                    .startsWith("HTTP/1.1 204");
            assertThat(curl(proxy, "--http1.1", "-i", "https://" + HOST + "/early"))
                    .contains("HTTP/1.1 103", "rel=preload", "HTTP/1.1 200", "late");
            assertThat(curl(proxy, "--http1.1", "-i", "-X", "POST", "-d", "x", "https://" + HOST + "/grpc-fails"))
                    .contains("content-length: 0", "grpc-status: 5");
            assertThat(curl(proxy, "--http1.1", "-I", "https://" + HOST + "/seen"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void theFirstRequestsToSuchAServerMayComeAtOnce() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server);
                var client = proxy.client(HttpClient.Version.HTTP_1_1)) {
            var answers = IntStream.range(0, 10)
                    .mapToObj(_ -> client.sendAsync(
                            HttpRequest.newBuilder(URI.create("https://" + HOST + "/slow"))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            BodyHandlers.ofString()))
                    .toList();

            for (var answer : answers) {
                assertThat(answer.get(40, TimeUnit.SECONDS).body()).isEqualTo("slow");
            }
        }
    }

    @Test
    void grpcWorksWithMessagesBothWaysAndTrailersAtTheEnd() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            assertThat(node(proxy, "unary"))
                    .contains("unary head 200 - ended false", "unary trailers 0 trailers", "unary body message");
            assertThat(node(proxy, "bidi")).contains("bidi got m1", "bidi got m2", "bidi got m3", "bidi trailers 0");
            // gRPC reads a status from a head only if the stream ends with it.
            assertThat(node(proxy, "fails"))
                    .contains("fails head 200 5 ended true")
                    .doesNotContain("error");
            assertThat(node(proxy, "trailers")).contains("trailers trailers 0");
        }
    }

    @Test
    void eventsArriveOneByOne() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            // The server sends the second event only after the client has told it, on another stream, of the first one.
            assertThat(node(proxy, "events"))
                    .contains("events text/event-stream", "events got data: 1", "events got data: 2", "events end");
        }
    }

    @Test
    void streamsShareAConnectionAsFarAsTheServerAllows() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            assertThat(node(proxy, "many")).contains("many slow");

            String stats = curl(proxy, "--http2", "https://" + HOST + "/stats");
            assertThat(number(stats, "streams")).isGreaterThanOrEqualTo(41);
            assertThat(number(stats, "connections")).isLessThanOrEqualTo(6);
            assertThat(number(stats, "refused")).isZero();
            assertThat(proxy.records()).extracting(EgressRecord::status).containsOnly(200);
        }
    }

    @Test
    void whatTheServerDidNotLookAtIsSentAgainAndNothingElse() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            assertThat(curl(proxy, "--http2", "https://" + HOST + "/refused-once"))
                    .isEqualTo("second try");
        }
        try (var server = server();
                var proxy = proxyTo(server)) {
            assertThat(curl(proxy, "--http2", "https://" + HOST + "/")).isEqualTo("two");
            assertThat(curl(proxy, "--http2", "https://" + HOST + "/goaway-once"))
                    .isEqualTo("other connection");
            assertThat(curl(proxy, "--http2", "-X", "POST", "https://" + HOST + "/post-broken"))
                    .contains("egress-upstream-failed");
            assertThat(number(curl(proxy, "--http2", "https://" + HOST + "/stats"), "posts"))
                    .isEqualTo(1);
        }
    }

    @Test
    void bodiesOfAnySizePassBothWays() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            for (String version : new String[] {"--http2", "--http1.1"}) {
                assertThat(curl(
                                proxy,
                                version,
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{size_download}",
                                "https://" + HOST + "/big"))
                        .isEqualTo("10000000");
                Path file = Programs.file(folder, 5_000_000);
                assertThat(curl(proxy, version, "-T", file.toString(), "https://" + HOST + "/count"))
                        .isEqualTo("5000000");
                assertThat(curl(
                                proxy,
                                version,
                                "-H",
                                "Expect: 100-continue",
                                "--data-binary",
                                "@" + file,
                                "https://" + HOST + "/count"))
                        .isEqualTo("5000000");
            }
        }
    }

    @Test
    void aSlowReaderSlowsItsStreamDownAndNoOther() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            assertThat(node(proxy, "stalled")).contains("stalled two");
        }
    }

    @Test
    void whenTheClientLeavesItsStreamIsReset() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            node(proxy, "leaves");

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    number(curl(proxy, "--http2", "https://" + HOST + "/stats"), "reset"))
                            .isEqualTo(1));
        }
    }

    @Test
    void aBrokenAnswerStaysVisiblyIncomplete() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                if (version.name().endsWith("3")) {
                    continue;
                }
                HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + HOST + "/broken"))
                        .timeout(Duration.ofSeconds(20))
                        .build();
                HttpClient client = proxy.client(version);

                assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> client.send(request, BodyHandlers.ofString())))
                        .isInstanceOf(java.io.IOException.class);
            }
        }
    }

    @Test
    void aConnectionToOneHostCarriesNothingToAnother() throws Exception {
        try (var server = server();
                var proxy = proxyTo(server)) {
            assertThat(curl(proxy, "--http2", "https://" + HOST + "/")).isEqualTo("two");

            assertThat(curl(proxy, "--http2", "-H", "Host: other.example.com", "https://" + HOST + "/"))
                    .contains("egress-forbidden");

            assertThat(number(curl(proxy, "--http2", "https://" + HOST + "/stats"), "streams"))
                    .isEqualTo(2);
        }
    }

    private NodeServer server() throws Exception {
        return NodeServer.http2(folder, HOST, STREAMS, false);
    }

    private RunningProxy proxyTo(NodeServer server) throws Exception {
        return new RunningProxy.Builder()
                .trusting(new TestOriginCertificates(folder))
                .upstreams(HOST + "=https://127.0.0.1:" + server.port())
                .allowing(HOST)
                .start();
    }

    private String node(RunningProxy proxy, String deed) throws Exception {
        return Programs.run(
                "node",
                Programs.resource(folder, "/http2/client.js").toString(),
                String.valueOf(proxy.relayPort()),
                proxy.authorityFile().toString(),
                HOST,
                deed);
    }

    private static String curl(RunningProxy proxy, String... arguments) throws Exception {
        return Programs.curl(proxy, arguments);
    }

    private static int number(String json, String name) {
        var found = java.util.regex.Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
        assertThat(found.find()).as(json).isTrue();
        return Integer.parseInt(found.group(1));
    }
}
