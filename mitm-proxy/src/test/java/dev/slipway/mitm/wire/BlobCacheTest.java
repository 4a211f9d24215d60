package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RawClient;
import dev.slipway.mitm.testing.RunningProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that never change are fetched once, and never served wrong or to whom they are not meant. */
@NullMarked
class BlobCacheTest {
    private static final String HOST = "registry.example.com";
    private static final byte[] BODY = new byte[3_000_000];

    @TempDir
    Path cache;

    private Origin origin;
    private RunningProxy proxy;
    private String blob = "";

    @BeforeEach
    void start() throws Exception {
        new Random(1).nextBytes(BODY);
        blob = "/v2/a/blobs/sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(BODY));
        origin = Origin.plain((head, in, out) -> {
            Thread.sleep(30);
            String extra = head.target().contains("no-store") ? "Cache-Control: no-store\r\n" : "";
            byte[] body = BODY.clone();
            if (head.header("X-Wrong") != null) {
                body[body.length - 1]++;
            }
            out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/x-blob\r\n" + extra + "Content-Length: "
                            + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            if (!head.line().startsWith("HEAD ")) {
                out.write(body);
            }
            return true;
        });
        proxy = proxy();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        origin.close();
    }

    @Test
    void theSecondPullComesFromTheStoreAfterARestartAndWithoutTheServer() throws Exception {
        assertThat(get(blob).body()).isEqualTo(BODY);
        assertThat(second(blob).body()).isEqualTo(BODY);
        assertThat(origin.heads()).hasSize(1);
        origin.close();
        proxy.close();
        proxy = proxy();

        HttpResponse<byte[]> again = get(blob);

        assertThat(again.body()).isEqualTo(BODY);
        assertThat(again.headers().firstValue("content-type")).contains("application/x-blob");
        assertThat(again.headers().firstValue("docker-content-digest"))
                .contains(blob.substring(blob.indexOf("sha256:")));
        assertThat(proxy.records()).singleElement().satisfies(record -> {
            assertThat(record.rule()).isEqualTo("test, cache");
            assertThat(record.bytesDown()).isEqualTo(BODY.length);
        });
    }

    @Test
    void aPartOfAStoredBodyIsServed() throws Exception {
        get(blob);
        HttpResponse<byte[]> part = send(request(blob).header("Range", "bytes=1000-1999"), true);
        HttpResponse<byte[]> rest = send(request(blob).header("Range", "bytes=2999990-"), false);
        HttpResponse<byte[]> tail = send(request(blob).header("Range", "bytes=-5"), false);

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(BODY, 1000, 2000));
        assertThat(part.headers().firstValue("content-range")).contains("bytes 1000-1999/3000000");
        assertThat(rest.body()).hasSize(10);
        assertThat(tail.body()).isEqualTo(java.util.Arrays.copyOfRange(BODY, BODY.length - 5, BODY.length));
        assertThat(send(request(blob).header("Range", "bytes=9000000-"), false).statusCode())
                .isEqualTo(416);
        assertThat(send(request(blob).method("HEAD", HttpRequest.BodyPublishers.noBody()), false)
                        .headers()
                        .firstValueAsLong("content-length"))
                .hasValue(BODY.length);
        assertThat(origin.heads()).hasSize(1);
    }

    @Test
    void whatIsAnsweredFromTheStoreAtOnceLeavesTheConnectionOpen() throws Exception {
        get(blob);
        await().atMost(Duration.ofSeconds(30)).until(() -> proxy.stored() >= 1);
        String request = "GET http://" + HOST + blob + " HTTP/1.1\r\nHost: " + HOST + "\r\nRange: bytes=0-9\r\n\r\n";

        String answers = RawClient.exchange(proxy, request, request, request + request);

        assertThat(answers.split("HTTP/1.1 206 ", -1)).hasSize(1 + 4);
        assertThat(answers.toLowerCase(Locale.ROOT)).doesNotContain("connection: close");
    }

    @Test
    void aBodyThatIsNotItsDigestIsNeitherCompletedNorStored() throws Exception {
        assertThatThrownBy(() -> send(request(blob).header("X-Wrong", "1"), false))
                .isInstanceOf(IOException.class);

        assertThat(get(blob).body()).isEqualTo(BODY);
        assertThat(origin.heads()).hasSize(2);
    }

    @Test
    void twoHundredPullsAtOnceAreOneFetch() throws Exception {
        HttpClient client = proxy.client(HttpClient.Version.HTTP_1_1);
        List<CompletableFuture<HttpResponse<byte[]>>> pulls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pulls.add(client.sendAsync(request(blob).build(), BodyHandlers.ofByteArray()));
        }
        for (CompletableFuture<HttpResponse<byte[]>> pull : pulls) {
            assertThat(pull.get().body().length).isEqualTo(BODY.length);
        }

        assertThat(origin.heads()).hasSize(1);
    }

    @Test
    void whatWasFetchedWithACredentialStaysInItsProject() throws Exception {
        assertThat(send(request(blob).header("Authorization", "Bearer a"), false)
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(request(blob).header("Authorization", "Bearer a"), true).statusCode())
                .isEqualTo(200);
        assertThat(origin.heads()).hasSize(1);

        assertThat(get(blob).statusCode()).isEqualTo(200);
        assertThat(origin.heads()).hasSize(2);
        proxy.doors().close(RunningProxy.SESSION);
        proxy.doors().open(new Door(RunningProxy.SESSION, "project-2", RunningProxy.terms(HOST)));
        assertThat(send(request(blob).header("Authorization", "Bearer a"), false)
                        .statusCode())
                .isEqualTo(200);
        assertThat(origin.heads()).hasSize(3);
    }

    @Test
    void whatWasAskedForByASignedAddressOrATokenOfAnyNameStaysInItsProject() throws Exception {
        assertThat(get(blob + "?signature=x").statusCode()).isEqualTo(200);
        assertThat(second(blob + "?signature=y").statusCode()).isEqualTo(200);
        assertThat(send(request(blob).header("X-Registry-Token", "a"), true).statusCode())
                .isEqualTo(200);
        assertThat(origin.heads()).hasSize(1);

        assertThat(get(blob).statusCode()).isEqualTo(200);
        assertThat(origin.heads()).hasSize(2);
        proxy.doors().close(RunningProxy.SESSION);
        proxy.doors().open(new Door(RunningProxy.SESSION, "project-2", RunningProxy.terms(HOST)));
        assertThat(send(request(blob).header("X-Registry-Token", "a"), false).statusCode())
                .isEqualTo(200);
        assertThat(origin.heads()).hasSize(3);
    }

    @Test
    void tagsAndWhatMayNotBeStoredAreAskedForEachTime() throws Exception {
        for (String target : List.of("/v2/a/manifests/latest", blob.replace("/a/", "/no-store/"))) {
            get(target);
            get(target);
        }

        assertThat(origin.heads()).hasSize(4);
    }

    private RunningProxy proxy() throws Exception {
        return new RunningProxy.Builder()
                .upstreams(HOST + "=http://127.0.0.1:" + origin.port())
                .allowing(HOST)
                .caching(cache)
                .start();
    }

    private HttpResponse<byte[]> get(String target) throws Exception {
        return send(request(target), false);
    }

    /** Once something is stored: the disk is written to after the client has its answer. */
    private HttpResponse<byte[]> second(String target) throws Exception {
        return send(request(target), true);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, boolean later) throws Exception {
        if (later) {
            await().atMost(Duration.ofSeconds(30)).until(() -> proxy.stored() >= 1);
        }
        return proxy.client(HttpClient.Version.HTTP_1_1).send(request.build(), BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://" + HOST + target)).timeout(Duration.ofSeconds(60));
    }
}
