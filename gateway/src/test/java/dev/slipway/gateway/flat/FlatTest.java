package dev.slipway.gateway.flat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.proxy.ScriptedService;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One request that needs several services, or none named in its path. */
class FlatTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> SESSIONS = new CopyOnWriteArrayList<>();
    private static final List<String> WORKSPACES = new CopyOnWriteArrayList<>();
    private static final List<String> BODIES = new CopyOnWriteArrayList<>();

    private static ScriptedService service;
    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        service = new ScriptedService(FlatTest::script);
        gateway = Gateways.anonymous(service.url(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    private static void script(String head, InputStream in, OutputStream out, Socket socket) throws Exception {
        String method = head.split(" ", 3)[0];
        String path = head.split(" ", 3)[1].replace("/internal/projects/local/", "");
        String length = head.toLowerCase(Locale.ROOT).replaceAll("(?s).*content-length: (\\d+).*", "$1");
        if (length.matches("\\d+")) {
            BODIES.add(path + " " + new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8));
        }
        if (path.startsWith("/internal/sessions/")) {
            String id = path.substring(path.lastIndexOf('/') + 1);
            boolean known = SESSIONS.contains(id) || id.equals("s1");
            json(out, known ? "200 OK" : "404 Not Found", "{\"id\":\"" + id + "\",\"projectId\":\"local\"}");
        } else if (path.startsWith("sessions?")) {
            String all =
                    String.join(",", SESSIONS.stream().map(FlatTest::session).toList());
            json(out, "200 OK", "{\"sessions\":[" + all + "],\"nextCursor\":null}");
        } else if (method.equals("POST") && path.equals("sessions")) {
            Thread.sleep(100);
            SESSIONS.add("made" + SESSIONS.size());
            json(out, "201 Created", session(SESSIONS.getLast()));
        } else if (path.startsWith("workspaces?")) {
            String all = String.join(
                    ",", WORKSPACES.stream().map(FlatTest::workspace).toList());
            json(out, "200 OK", "{\"workspaces\":[" + all + "],\"nextCursor\":null}");
        } else if (method.equals("POST") && path.equals("workspaces")) {
            WORKSPACES.add("/code/app");
            json(out, "201 Created", workspace("/code/app"));
        } else if (path.endsWith("/cmd")) {
            json(
                    out,
                    "200 OK",
                    "{\"code\":0,\"stdout\":\"hi\\n\",\"stderr\":\"\",\"durationMs\":3,\"truncated\":false}");
        } else if (path.startsWith("usage")) {
            boolean second = path.contains("cursor=next");
            json(
                    out,
                    "200 OK",
                    "{\"usage\":[{\"day\":\"2026-01-0" + (second ? 2 : 1) + "\",\"calls\":1,\"inputTokens\":5}],"
                            + "\"nextCursor\":" + (second ? "null" : "\"next\"") + "}");
        } else {
            json(out, "404 Not Found", "{}");
        }
    }

    private static String session(String id) {
        return "{\"id\":\"" + id + "\",\"workspaceId\":\"w1\",\"status\":\"ready\",\"urls\":{}}";
    }

    private static String workspace(String path) {
        return "{\"id\":\"w1\",\"path\":\"" + path + "\"}";
    }

    private static void json(OutputStream out, String status, String body) throws Exception {
        ScriptedService.send(
                out,
                "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);
    }

    private static HttpRequest request(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.getURI() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return request.build();
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return HTTP.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tenWhoAskForTheSessionOfAWorkspaceAtOnceGetTheSameOne() {
        SESSIONS.clear();
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asked.add(HTTP.sendAsync(
                    request("POST", "/api/sessions/get-or-create", "{\"workspaceId\":\"w1\"}"),
                    HttpResponse.BodyHandlers.ofString()));
        }

        assertThat(asked.stream()
                        .map(CompletableFuture::join)
                        .map(HttpResponse::body)
                        .distinct())
                .containsExactly(session("made0"));
        assertThat(asked.stream().map(CompletableFuture::join).filter(answer -> answer.statusCode() == 201))
                .hasSize(1);
        assertThat(SESSIONS).hasSize(1);
    }

    @Test
    void aQuickStartMakesAWorkspaceOnceAndASessionEachTime() throws Exception {
        WORKSPACES.clear();
        String first = send("POST", "/api/session", "{\"repo\":\"/code/app\",\"label\":\"try\"}")
                .body();
        String second = send("POST", "/api/session", "{\"repo\":\"/code/app\"}").body();
        String id = first.replaceAll(".*\"sessionId\":\"([^\"]+)\".*", "$1");

        assertThat(WORKSPACES).hasSize(1);
        assertThat(second).doesNotContain(id).contains("\"pty\":\"/ws/pty?sessionId=");
        HttpResponse<String> kept = send("GET", "/api/session/" + id, "");
        assertThat(kept.body()).contains("\"id\":\"" + id + "\"", "\"repo\":\"/code/app\"", "\"expiresAt\"");
        assertThat(send("GET", "/api/session/unknown", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aCommandRunsInItsSessionsSandbox() throws Exception {
        HttpResponse<String> answer =
                send("POST", "/api/cmd", "{\"sessionId\":\"s1\",\"cmd\":\"echo hi\",\"timeoutMs\":5000}");

        assertThat(answer.body()).contains("\"code\":0", "\"stdout\":\"hi\\n\"");
        assertThat(BODIES).contains("sessions/s1/cmd {\"cmd\":\"echo hi\",\"timeoutMs\":5000}");
        assertThat(send("POST", "/api/cmd", "{\"sessionId\":\"nobody\",\"cmd\":\"x\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "/api/cmd", "{\"sessionId\":\"s1\",\"cmd\":\"x\",\"timeoutMs\":0}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void usageIsOneListOverAllProjects() throws Exception {
        String first = send("GET", "/api/usage?limit=1&by=day", "").body();
        String cursor = first.replaceAll(".*\"nextCursor\":\"([^\"]+)\".*", "$1");

        assertThat(first).contains("\"projectId\":\"local\"", "2026-01-01").doesNotContain("2026-01-02");
        assertThat(send("GET", "/api/usage?limit=50&by=day&cursor=" + cursor, "")
                        .body())
                .contains("2026-01-02")
                .doesNotContain("2026-01-01", "nextCursor\":\"");
    }

    @Test
    void theDescriptionIsAPageOfItsOwn() throws Exception {
        HttpResponse<String> page = send("GET", "/api/docs", "");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type").orElse("")).startsWith("text/html");
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'", "style-src 'sha256-");
        assertThat(page.body())
                .contains("/api/projects/{project}/sessions", "<style>")
                .doesNotContain("<script", "src=", "href=\"http", " style=", "onclick");
    }
}
