package dev.slipway.session.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.kit.identity.IdentityTokens;
import dev.slipway.kit.identity.Role;
import dev.slipway.session.testing.Suite;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One session, many viewers, more than one replica. */
@Timeout(120)
class ReplicasTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Suite suite;
    private static EmbeddedServer replica;

    @BeforeAll
    static void start() throws Exception {
        suite = new Suite(Map.of());
        replica = suite.replica();
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static HttpRequest watching(int port, String session) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/internal/projects/" + suite.project
                        + "/chat/" + session + "/stream"))
                .header(IdentityTokens.HEADER, suite.token(Role.MEMBER))
                .build();
    }

    private static CompletableFuture<String> watch(int port, String session) {
        return HTTP.sendAsync(watching(port, session), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> frames(response.body()));
    }

    /** The frames of a stream without comments, which come as time passes. */
    private static String frames(String body) {
        return body.replaceAll("(?m)^:.*\n\n", "");
    }

    private static CompletableFuture<String> saying(String session, String text) {
        return CompletableFuture.supplyAsync(
                () -> frames(suite.stream("POST", "/chat", Suite.message(session, "m1", text), Map.of())
                        .body()));
    }

    @Test
    void anyReplicaServesAnyViewerAsItHappens() throws Exception {
        String session = suite.readySession();
        CompletableFuture<String> here = saying(session, "say 60 100");
        suite.awaitStatus(session, "running");
        long before = System.nanoTime();

        String there = watch(replica.getPort(), session).join();

        assertThat(there).isEqualTo(here.join()).contains("tick 59 ");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void aThousandViewersSeeTheSameAndASlowOneHoldsUpNobody() throws Exception {
        String session = suite.readySession();
        CompletableFuture<String> first = saying(session, "say 200 160");
        suite.awaitStatus(session, "running");
        HttpResponse<InputStream> slow =
                HTTP.send(watching(suite.port(), session), HttpResponse.BodyHandlers.ofInputStream());
        List<CompletableFuture<String>> viewers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            viewers.add(watch(i % 2 == 0 ? suite.port() : replica.getPort(), session));
        }

        String all = first.join();
        for (CompletableFuture<String> viewer : viewers) {
            assertThat(viewer.join().equals(all)).isTrue();
        }
        // Nobody has read a byte of this one so far.
        try (InputStream in = slow.body()) {
            assertThat(frames(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                            .equals(all))
                    .isTrue();
        }
    }

    @Test
    void aMegabyteOfOutputArrivesWholeWithNoCharacterCut() {
        String session = suite.readySession();

        // JSON may write a character beyond the 16-bit ones as two escapes.
        String stream = saying(session, "bytes 1200000").join().replace("\\uD83D\\uDE80", "\ud83d\ude80");
        Map<String, Object> kept =
                suite.call("GET", "/sessions/" + session + "/messages", null).body();

        String whole = "\u00fc\ud83d\ude80".repeat(200_000);
        assertThat(stream.contains(whole)).isTrue();
        assertThat(stream.contains("\ufffd")).isFalse();
        assertThat(kept.toString().contains(whole)).isTrue();
        assertThat(stream).contains("\"title\":\"Print much\"");
        assertThat(kept.toString()).contains("title=Print much");
    }
}
