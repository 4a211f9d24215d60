package dev.slipway.mitm.wire;

import static dev.slipway.mitm.testing.RunningProxy.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RawClient;
import dev.slipway.mitm.testing.RunningProxy;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP without TLS: passed on where it is allowed, never signed, and refused where two readers could disagree about it. */
@NullMarked
class PlainHttpTest {
    private static final String HOST = "api.example.com";

    @Test
    void aPlainRequestPassesButIsNeverSigned() throws Exception {
        try (var origin = Origin.plain(Origin.text("hello"));
                var proxy = proxyTo(origin)) {
            proxy.rules(set(HOST, "Authorization", "Bearer real-key"));

            String answer = raw(
                    proxy,
                    "GET http://api.example.com/a HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer slipway-placeholder\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("hello");
            assertThat(origin.onlyHead().line()).isEqualTo("GET /a HTTP/1.1");
            assertThat(origin.onlyHead().header("Authorization")).isNull();
        }
    }

    @Test
    void bytesThatComeTogetherWithConnectAreNotLost() throws Exception {
        try (var origin = Origin.plain(Origin.text("hello"));
                var proxy = proxyTo(origin)) {
            String answer = raw(
                    proxy,
                    "CONNECT api.example.com:80 HTTP/1.1\r\nHost: api.example.com:80\r\n\r\nGET /b HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200 Connection established").endsWith("hello");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (var origin = Origin.plain((head, in, out) -> {
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + head.target())
                            .getBytes(StandardCharsets.US_ASCII));
                    return true;
                });
                var proxy = proxyTo(origin)) {
            String one = "GET http://api.example.com/1 HTTP/1.1\r\nHost: api.example.com\r\n\r\n";

            String answer = raw(proxy, one + one.replace("/1 ", "/2 ") + one.replace("/1 ", "/3 "));

            assertThat(answer.replaceAll("(?s)HTTP/1.1 200 OK.*?\r\n\r\n", "")).isEqualTo("/1/2/3");
        }
    }

    @Test
    void aBodyThatCameTogetherWithAnEarlierRequestIsSent() throws Exception {
        try (var origin = Origin.plain((head, in, out) -> {
                    String body = new String(Origin.drainBody(head, in), StandardCharsets.US_ASCII);
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + (2 + body.length()) + "\r\n\r\n" + head.target()
                                    + body)
                            .getBytes(StandardCharsets.US_ASCII));
                    return true;
                });
                var proxy = proxyTo(origin)) {
            String get = "GET http://api.example.com/1 HTTP/1.1\r\nHost: api.example.com\r\n\r\n";
            String post =
                    "POST http://api.example.com/2 HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 3\r\n\r\n";

            assertThat(raw(proxy, get + post + "abc").replaceAll("(?s)HTTP/1.1 200 OK.*?\r\n\r\n", ""))
                    .isEqualTo("/1/2abc");
            // The rest of the body comes only after the first answer.
            assertThat(raw(proxy, get + post + "a", "bc").replaceAll("(?s)HTTP/1.1 200 OK.*?\r\n\r\n", ""))
                    .isEqualTo("/1/2abc");
        }
    }

    @Test
    void trailersEarlyHintsAndContinuePassBothWays() throws Exception {
        try (var origin = Origin.plain((head, in, out) -> {
                    out.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    Origin.drainBody(head, in);
                    out.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    return true;
                });
                var proxy = proxyTo(origin)) {
            String answer = raw(
                    proxy,
                    "POST http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");

            assertThat(answer).contains("103 Early Hints", "100 Continue", "x-sum: 7".replace("x-s", "X-S"));
            assertThat(origin.onlyHead().header("Expect")).isEqualTo("100-continue");
        }
    }

    @Test
    void anAnswerWithoutLengthEndsWithItsConnectionAndIsChunkedToTheClient() throws Exception {
        try (var origin = Origin.plain((head, in, out) -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\nall of it".getBytes(StandardCharsets.US_ASCII));
                    return false;
                });
                var proxy = proxyTo(origin)) {
            String answer = raw(proxy, "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n");

            assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("transfer-encoding: chunked", "all of it");
        }
    }

    @Test
    void gitOfTheWorkspaceGoesToWorkspaceServiceWithTheSocketsIdentity() throws Exception {
        try (var workspace = Origin.plain(Origin.text("refs"));
                var proxy = new RunningProxy.Builder()
                        .workspace("127.0.0.1:" + workspace.port())
                        .start()) {
            String answer = raw(
                    proxy,
                    "GET http://workspace.slipway.internal/s.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: workspace.slipway.internal\r\nX-Slipway-Identity: forged\r\n\r\n");

            assertThat(answer).endsWith("refs");
            assertThat(workspace.onlyHead().target())
                    .isEqualTo("/internal/git/s.git/info/refs?service=git-upload-pack");
            assertThat(workspace.onlyHead().header("X-Slipway-Identity")).isEqualTo("identity-of-session-1");
        }
    }

    @Test
    void nobodyLeavesTheGitPartOfWorkspaceService() throws Exception {
        try (var workspace = Origin.plain(Origin.text("no"));
                var proxy = new RunningProxy.Builder()
                        .workspace("127.0.0.1:" + workspace.port())
                        .start()) {
            for (String path : new String[] {"/../projects/p", "/%2e%2e/projects/p", "//x", "/a\\b"}) {
                assertThat(raw(
                                proxy,
                                "GET http://workspace.slipway.internal" + path
                                        + " HTTP/1.1\r\nHost: workspace.slipway.internal\r\n\r\n"))
                        .startsWith("HTTP/1.1 400");
            }
            assertThat(workspace.heads()).isEmpty();
        }
    }

    @Test
    void aWebSocketPassesAfterItsUpgrade() throws Exception {
        try (var origin = Origin.plain((head, in, out) -> {
                    out.write(
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nfirst-"
                                    .getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    out.write(in.readNBytes(4));
                    out.flush();
                    return false;
                });
                var proxy = proxyTo(origin)) {
            String answer = raw(
                    proxy,
                    "GET http://api.example.com/ws HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n\r\n",
                    "echo");

            assertThat(answer).contains("101 Switching Protocols").endsWith("first-echo");
            assertThat(proxy.records()).extracting(record -> record.status()).containsExactly(101);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 3, 3\r\n\r\nabc",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: +3\r\n\r\nabc",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: -1\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 0x3\r\n\r\nabc",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.0\r\nHost: api.example.com\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nX: a\r\n b\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\nHost: api.example.com\n\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nX: a\rb\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nX: a\u0000b\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nHost: api.example.com\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1\r\n\r\n",
                "GET http://api.example.com/ HTTP/2.0\r\nHost: api.example.com\r\n\r\n",
                "GET http://api.example.com/ HTTP/1.1 \r\nHost: api.example.com\r\n\r\n",
                "GET  http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET http://api.example.com/a b HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET https://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET ftp://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET http://user@api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET http://api.example.com/#f HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET http://api.example.com:99999/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "CONNECT api.example.com HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "CONNECT http://api.example.com:443/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n"
            })
    void aRequestThatCanBeReadInTwoWaysIsRefusedAndTheConnectionClosed(String request) throws Exception {
        try (var origin = Origin.plain(Origin.text("no"));
                var proxy = proxyTo(origin)) {
            assertThat(raw(proxy, request)).startsWith("HTTP/1.1 400").contains("problem+json");
            assertThat(origin.heads()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://api.example.com/ HTTP/1.1\r\nHost: other.example.com\r\n\r\n",
                "GET http://other.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
                "GET http://other.example.com/ HTTP/1.1\r\nHost: other.example.com\r\n\r\n",
                "GET http://evil-api.example.com/ HTTP/1.1\r\nHost: evil-api.example.com\r\n\r\n",
                "GET http://api.example.com.evil.tld/ HTTP/1.1\r\nHost: api.example.com.evil.tld\r\n\r\n",
                "GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET http://[::1]/ HTTP/1.1\r\nHost: [::1]\r\n\r\n",
                "CONNECT other.example.com:443 HTTP/1.1\r\nHost: other.example.com:443\r\n\r\n",
                "CONNECT api.example.com:443 HTTP/1.1\r\nHost: other.example.com:443\r\n\r\n",
                "CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n"
            })
    void aTargetThatNoRuleNamesIsForbidden(String request) throws Exception {
        try (var origin = Origin.plain(Origin.text("no"));
                var proxy = proxyTo(origin)) {
            assertThat(raw(proxy, request)).startsWith("HTTP/1.1 403").contains("problem+json");
            assertThat(origin.heads()).isEmpty();
        }
    }

    private static RunningProxy proxyTo(Origin origin) throws Exception {
        return new RunningProxy.Builder()
                .upstreams(HOST + "=http://127.0.0.1:" + origin.port())
                .allowing(HOST)
                .start();
    }

    private static String raw(RunningProxy proxy, String... texts) throws Exception {
        return RawClient.exchange(proxy, texts);
    }
}
