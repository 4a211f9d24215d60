package dev.slipway.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Gateways;
import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.SecretHash;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may pass: with login nobody without it, without login only this machine's own pages. */
class DoorTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static EmbeddedServer open;
    private static EmbeddedServer guarded;

    @BeforeAll
    static void start() throws Exception {
        open = Gateways.anonymous("http://127.0.0.1:1", Map.of());
        guarded = Gateways.anonymous(
                "http://127.0.0.1:1",
                Map.of(
                        "slipway.auth.enabled", "true",
                        "slipway.auth.bootstrap-code", "the-first-one",
                        "slipway.auth.signing-key", pem()));
    }

    @AfterAll
    static void stop() {
        open.close();
        guarded.close();
    }

    private static String pem() throws Exception {
        var generator = java.security.KeyPairGenerator.getInstance("EC");
        generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
        byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n" + java.util.Base64.getEncoder().encodeToString(encoded)
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** Sends raw bytes and gives the status line. */
    private static String raw(EmbeddedServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] head = socket.getInputStream().readNBytes(12);
            return new String(head, StandardCharsets.ISO_8859_1);
        }
    }

    private static HttpResponse<String> send(
            EmbeddedServer server, String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.getURI() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/projects",
                "/api/projects/local",
                "/api/projects/local/members",
                "/api/projects/local/events",
                "/api/projects/local/workspaces",
                "/api/projects/local/sessions",
                "/api/projects/local/sessions/s/files",
                "/api/projects/local/sessions/s/diff",
                "/api/projects/local/sessions/s/egress",
                "/api/projects/local/chat",
                "/api/projects/local/agents",
                "/api/projects/local/tasks",
                "/api/projects/local/credentials",
                "/api/projects/local/suggestions",
                "/api/sessions",
                "/api/sessions/s",
                "/api/tasks",
                "/api/usage",
                "/preview/s/3000/",
                "/api/tokens",
                "/api/preferences",
                "/api/status",
                "/auth/me",
                "/api/unknown"
            })
    void withoutLoginThereIsNothingBehindAnyPath(String path) throws Exception {
        assertThat(send(guarded, "GET", path, "").statusCode()).isEqualTo(401);
        assertThat(send(guarded, "GET", path, "", "Authorization", "Bearer slp_wrong")
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(guarded, "GET", path, "", "Authorization", "Bearer a b").statusCode())
                .isEqualTo(401);
        assertThat(send(guarded, "GET", path, "", "X-Slipway-Identity", "forged")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aStrangersProjectAnswersAsOneThatDoesNotExist() throws Exception {
        String owner = register("owner", "the-first-one");
        String project = field(
                send(guarded, "POST", "/api/projects", "{\"name\":\"Mine\"}", "Authorization", "Bearer " + owner),
                "id");
        String code = "a-code-of-the-owner";
        guarded.getApplicationContext()
                .getBean(Database.class)
                .change(
                        "INSERT INTO invite_code (id, code_hash, uses_max, created_by) VALUES ('i', ?, 1, 'x')",
                        (Object) SecretHash.of(code));
        String stranger = register("stranger", code);

        for (String path : new String[] {"", "/members", "/events", "/sessions", "/workspaces", "/credentials"}) {
            HttpResponse<String> foreign = send(
                    guarded,
                    "GET",
                    "/api/projects/" + project + path,
                    "",
                    "Authorization",
                    "Bearer " + stranger,
                    "X-Request-Id",
                    "same");
            HttpResponse<String> unknown = send(
                    guarded,
                    "GET",
                    "/api/projects/unknown" + path,
                    "",
                    "Authorization",
                    "Bearer " + stranger,
                    "X-Request-Id",
                    "same");

            assertThat(foreign.statusCode()).as(path).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(unknown.body());
        }
        assertThat(send(guarded, "GET", "/api/projects/" + project, "", "Authorization", "bearer   " + owner)
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(
                                guarded,
                                "DELETE",
                                "/api/projects/" + project + "/members/" + field(me(owner), "id"),
                                "",
                                "Authorization",
                                "Bearer " + owner)
                        .statusCode())
                .isEqualTo(409);
    }

    private static HttpResponse<String> me(String token) throws Exception {
        return send(guarded, "GET", "/auth/me", "", "Authorization", "Bearer " + token);
    }

    private static String register(String name, String code) throws Exception {
        HttpResponse<String> answer = send(
                guarded,
                "POST",
                "/auth/register",
                "{\"username\":\"" + name + "\",\"email\":\"" + name
                        + "@example.com\",\"password\":\"long enough 1\",\"inviteCode\":\"" + code + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return field(answer, "token");
    }

    private static String field(HttpResponse<String> answer, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(answer.body());
        assertThat(matcher.find()).as(answer.body()).isTrue();
        return matcher.group(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example\r\n",
                "Host: localhost\r\nOrigin: http://evil.example\r\n",
                "Host: localhost\r\nOrigin: null\r\n",
                "Host: localhost\r\nSec-Fetch-Site: cross-site\r\n",
                "Host: localhost\r\nSec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
            })
    void aForeignPageCannotDriveALocalSlipway(String headers) throws Exception {
        String status = raw(open, "GET /api/projects/local/sessions HTTP/1.1\r\n" + headers + "\r\n");
        String own = raw(open, "GET /api/projects HTTP/1.1\r\n" + headers + "\r\n");

        assertThat(status).isIn("HTTP/1.1 403", "HTTP/1.1 421");
        assertThat(own).isIn("HTTP/1.1 403", "HTTP/1.1 421");
    }

    @Test
    void itsOwnPageAndPlainProgramsPass() throws Exception {
        assertThat(raw(
                        open,
                        "GET /api/projects HTTP/1.1\r\nHost: localhost:8080\r\nOrigin: http://localhost:8080\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200");
        assertThat(raw(open, "GET /api/projects HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200");
    }

    @Test
    void aServiceThatIsAwayIs503() throws Exception {
        HttpResponse<String> answer = send(open, "GET", "/api/projects/local/sessions", "");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\n",
                "POST /api/projects HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
                "POST /api/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
                "POST /api/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n\r\n",
                "GET /api/projects HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
                "GET /api/projects HTTP/1.1\r\n\r\n",
                "GET /api/projects HTTP/1.1\r\nHost : localhost\r\n\r\n",
                "GET /api/projects/local/../../internal HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/projects/local/%2e%2e/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/projects/local/sessions/..%2f..%2fx HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET //api/projects HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/projects#x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PUT /api/projects/local/sessions/s/egress/budget#/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET http://localhost/api/projects HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void whatTwoReadersMightTakeDifferentlyIsRefused(String request) throws Exception {
        assertThat(raw(open, request)).isEqualTo("HTTP/1.1 400");
    }

    @Test
    void preferencesAreKept() throws Exception {
        assertThat(send(open, "PUT", "/api/preferences/a.theme", "{\"value\":\"dark\"}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(send(open, "GET", "/api/preferences/a.theme", "").body()).contains("\"value\":\"dark\"");
        assertThat(send(open, "DELETE", "/api/preferences/a.theme", "").statusCode())
                .isEqualTo(204);
        assertThat(send(open, "GET", "/api/preferences/a.theme", "").statusCode())
                .isEqualTo(404);
    }
}
