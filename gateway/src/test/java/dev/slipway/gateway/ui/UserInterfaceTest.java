package dev.slipway.gateway.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the interface's files are served: never stale, never another thing than asked for. */
class UserInterfaceTest {
    @TempDir
    private static Path folder;

    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() throws Exception {
        Path files = folder.resolve("dist");
        Files.createDirectories(files.resolve("assets"));
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Files.writeString(files.resolve("index.html"), "<html>index</html>");
        Files.writeString(files.resolve("assets/app-1a2b.js"), "plain");
        Files.writeString(files.resolve("assets/app-1a2b.js.br"), "compressed");
        Files.createSymbolicLink(files.resolve("link.txt"), folder.resolve("secret.txt"));
        gateway = Gateways.anonymous("http://127.0.0.1:1", Map.of("slipway.ui.dir", files.toString()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.getURI() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void everyPageIsTheIndexAndAskedForAnew() throws Exception {
        for (String page : new String[] {"/", "/p/local/s/123", "/settings"}) {
            HttpResponse<String> answer = get(page);

            assertThat(answer.body()).isEqualTo("<html>index</html>");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-cache");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("script-src 'self'; style-src 'self' 'unsafe-inline'; ");
        }
        String etag = get("/").headers().firstValue("ETag").orElseThrow();
        assertThat(get("/", "If-None-Match", etag).statusCode()).isEqualTo(304);
    }

    @Test
    void assetsAreKeptForeverAndSentCompressed() throws Exception {
        HttpResponse<String> plain = get("/assets/app-1a2b.js");
        HttpResponse<String> compressed = get("/assets/app-1a2b.js", "Accept-Encoding", "gzip, br");

        assertThat(plain.body()).isEqualTo("plain");
        assertThat(plain.headers().firstValue("Cache-Control")).hasValue("public, max-age=31536000, immutable");
        assertThat(compressed.body()).isEqualTo("compressed");
        assertThat(compressed.headers().firstValue("Content-Encoding")).hasValue("br");
    }

    @Test
    void whatIsNotThereIsMissing() throws Exception {
        assertThat(get("/assets/app-gone.js").statusCode()).isEqualTo(404);
        assertThat(get("/assets/gone").statusCode()).isEqualTo(404);
        assertThat(get("/link.txt").statusCode()).isEqualTo(404);
        assertThat(get("/api/none").statusCode()).isEqualTo(404);
    }

    @Test
    void theStatusSaysWhichServicesAreAway() throws Exception {
        HttpResponse<String> answer = get("/api/status");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"ok\":false").contains("session-service does not answer");
        assertThat(get("/auth/me").body()).contains("\"id\":\"anonymous\"");
        assertThat(get("/api/server-config").body()).contains("\"authEnabled\":false");
        assertThat(get("/openapi.yaml").statusCode()).isEqualTo(200);
    }
}
