package dev.slipway.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The socket's HTTP, byte for byte. */
@Timeout(20)
class HttpServerTest {
    private static final String ECHO = "POST /echo HTTP/1.1\r\nHost: a\r\n";

    @TempDir
    private Path folder;

    private HttpServer server;
    private final CountDownLatch streamBroken = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        var router = new Router()
                .route(
                        "GET",
                        "/hello",
                        (request, _) -> HttpResponse.json(
                                200,
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("q", request.query().toString())))
                .route(
                        "GET",
                        "/things/{id}/x",
                        (_, path) -> HttpResponse.json(
                                200, JsonNodeFactory.instance.objectNode().put("id", path.get("id"))))
                .route("POST", "/echo", (request, _) -> HttpResponse.json(200, request.json(1000)))
                .route("POST", "/ignore", (_, _) -> HttpResponse.json(200, JsonNodeFactory.instance.objectNode()))
                .route("GET", "/broken", (_, _) -> {
                    throw new IllegalStateException("with a secret");
                })
                .route(
                        "GET",
                        "/stream",
                        (_, _) -> new HttpResponse.Streamed(200, "text/plain", out -> {
                            out.write("one".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            out.write("two".getBytes(StandardCharsets.UTF_8));
                        }))
                .route(
                        "GET",
                        "/half",
                        (_, _) -> new HttpResponse.Streamed(200, "text/plain", out -> {
                            out.write("one".getBytes(StandardCharsets.UTF_8));
                            out.flush();
                            throw new IOException("disk");
                        }))
                .route(
                        "GET",
                        "/endless",
                        (_, _) -> new HttpResponse.Streamed(200, "text/plain", out -> {
                            try {
                                while (true) {
                                    out.write('\n');
                                    out.flush();
                                    Thread.sleep(5);
                                }
                            } catch (IOException e) {
                                streamBroken.countDown();
                                throw e;
                            }
                        }));
        server = HttpServer.start(folder.resolve("a.sock"), router);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("a.sock")));
    }

    /** Sends all, says that this is all, and returns what comes back. */
    private String talk(String request) throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersRequestAfterRequestOnOneConnection() throws Exception {
        String answers =
                talk(ECHO + "Content-Length: 7\r\n\r\n{\"a\":1}" + ECHO + "Content-Length: 7\r\n\r\n{\"b\":2}");

        assertThat(answers)
                .containsSubsequence("200 OK", "{\"a\":1}", "200 OK", "{\"b\":2}")
                .doesNotContain("Connection: close");
    }

    @Test
    void readsAChunkedBodyWithExtensionsAndTrailers() throws Exception {
        String answer =
                talk(ECHO + "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nT: v\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200").endsWith("{\"a\":1}");
    }

    @Test
    void readsAwayABodyThatNobodyWantedSoThatTheNextRequestIsUnderstood() throws Exception {
        String answers = talk(
                "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nXXXXXGET /hello?a=b+c%20d HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(answers).containsSubsequence("200 OK", "200 OK", "{a=b c d}");
    }

    @Test
    void asksForTheBodyOnlyWhenItIsWanted() throws Exception {
        assertThat(talk(ECHO + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200");
        assertThat(talk("POST /nope HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("Connection: close");
    }

    @ParameterizedTest
    @CsvSource({
        "400, 'GET /hello HTTP/1.1\r\n\r\n'",
        "400, 'GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n'",
        "400, 'get /hello HTTP/1.1\r\nHost: a\r\n\r\n'",
        "400, 'GET hello HTTP/1.1\r\nHost: a\r\n\r\n'",
        "400, 'GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n'",
        "400, 'GET /hello HTTP/1.1\r\nHost : a\r\n\r\n'",
        "400, 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n'",
        "400, 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}'",
        "400, 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}'",
        "400, 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n[]'",
        "400, 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'",
        "501, 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n'",
        "404, 'GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n'",
        "404, 'GET /things//x HTTP/1.1\r\nHost: a\r\n\r\n'",
        "405, 'DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n'",
        "417, 'GET /hello HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n'",
        "505, 'GET /hello HTTP/2.0\r\nHost: a\r\n\r\n'"
    })
    void whatCannotBeAnsweredIsAProblemDocument(int status, String request) throws Exception {
        String answer = talk(request);

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Content-Type: application/problem+json", "\"status\":" + status);
    }

    @Test
    void limitsBodyAndHead() throws Exception {
        assertThat(talk(ECHO + "Content-Length: 2000\r\n\r\n" + " ".repeat(2000)))
                .startsWith("HTTP/1.1 413");
        assertThat(talk("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(9000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(talk("GET /hello HTTP/1.1\r\nHost: a\r\n" + ("X: " + "x".repeat(900) + "\r\n").repeat(20) + "\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void tellsWhichMethodsAPathHas() throws Exception {
        assertThat(talk("PUT /hello HTTP/1.1\r\nHost: a\r\n\r\n")).contains("Allow: GET");
    }

    @Test
    void aFailureInsideTellsNothingOfItsCause() throws Exception {
        assertThat(talk("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 500")
                .doesNotContain("secret");
    }

    @Test
    void streamsInChunksAndGoesOnWithTheConnection() throws Exception {
        String answers = talk("GET /stream HTTP/1.1\r\nHost: a\r\n\r\nGET /things/7/x HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(answers)
                .containsSubsequence(
                        "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\nHTTP/1.1 200 OK",
                        "{\"id\":\"7\"}");
    }

    @Test
    void aStreamThatBreaksIsNotEndedAsIfItWereWhole() throws Exception {
        assertThat(talk("GET /half HTTP/1.1\r\nHost: a\r\n\r\n")).endsWith("3\r\none\r\n");
    }

    @Test
    void noticesThatTheReaderOfAStreamHasGone() throws Exception {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            channel.read(ByteBuffer.allocate(200));
        }

        assertThat(streamBroken.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        assertThat(talk("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n");
    }

    @Test
    void takesOverASocketFileThatADeadProcessLeft() throws Exception {
        server.close();
        java.nio.file.Files.createFile(folder.resolve("a.sock"));

        start();

        assertThat(talk("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200");
    }
}
