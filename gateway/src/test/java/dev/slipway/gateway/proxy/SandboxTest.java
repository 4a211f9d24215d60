package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What leads into a session's sandbox: terminals, previews, and the flat names of both. */
class SandboxTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static ScriptedService service;
    private static EmbeddedServer gateway;

    @BeforeAll
    static void start() {
        service = new ScriptedService(SandboxTest::script);
        gateway = Gateways.anonymous(service.url(), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    private static void script(String head, InputStream in, OutputStream out, Socket socket) throws Exception {
        String path = head.split(" ", 3)[1];
        if (path.equals("/internal/sessions/s1")) {
            json(out, "200 OK", "{\"id\":\"s1\",\"projectId\":\"local\",\"workspaceId\":\"w\",\"status\":\"ready\"}");
        } else if (path.equals("/internal/sessions/foreign")) {
            json(out, "200 OK", "{\"id\":\"foreign\",\"projectId\":\"of-others\",\"status\":\"ready\"}");
        } else if (path.startsWith("/internal/sessions/")) {
            json(out, "404 Not Found", "{}");
        } else if (head.toLowerCase(java.util.Locale.ROOT).contains("upgrade: websocket")) {
            serveWebSocket(head, in, out);
            socket.close();
        } else if (path.contains("/3000/login")) {
            ScriptedService.send(
                    out,
                    String.join(
                            "\r\n",
                            "HTTP/1.1 302 Found",
                            "Location: /home",
                            "Set-Cookie: app=1; Path=/; Domain=localhost; HttpOnly",
                            "Set-Cookie: slipway_session=stolen",
                            "Strict-Transport-Security: max-age=1",
                            "Clear-Site-Data: \"*\"",
                            "Content-Length: 0",
                            "",
                            ""));
        } else {
            ScriptedService.ok(out, "answer to " + path);
        }
    }

    private static void json(OutputStream out, String status, String body) throws Exception {
        ScriptedService.send(
                out,
                "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);
    }

    /** Says back each text frame as a terminal would; "quit" closes with 4321, "vanish" ends the connection. */
    private static void serveWebSocket(String head, InputStream in, OutputStream out) throws Exception {
        String key = head.replaceAll("(?is).*sec-websocket-key: (\\S+).*", "$1");
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        ScriptedService.send(
                out,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n");
        while (true) {
            int first = in.read();
            int length = in.read() & 0x7f;
            if (first < 0 || (first & 0xf) == 8) {
                return;
            }
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes(length);
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i % 4];
            }
            String text = new String(payload, StandardCharsets.UTF_8);
            if (text.contains("quit")) {
                out.write(new byte[] {(byte) 0x88, 2, 4321 >> 8, (byte) (4321 & 0xff)});
                out.flush();
                return;
            } else if (text.contains("vanish")) {
                return;
            }
            byte[] said = ("{\"type\":\"output\",\"data\":\"got \\\"" + text.replace("\"", "'") + "\\\"\",\"seq\":1}")
                    .getBytes(StandardCharsets.UTF_8);
            out.write(0x81);
            out.write(said.length);
            out.write(said);
            out.flush();
        }
    }

    private static WebSocketClient socket(String path) {
        return new WebSocketClient(HTTP, gateway.getPort(), path, "Origin", "http://localhost:" + gateway.getPort());
    }

    @Test
    void aTerminalsFramesAndItsCloseCodePassUntouched() throws Exception {
        try (WebSocketClient client = socket("/api/projects/local/sessions/s1/terminal/ws?rows=24&cols=80")) {
            client.send("one");
            assertThat(client.next()).isEqualTo("{\"type\":\"output\",\"data\":\"got \\\"one\\\"\",\"seq\":1}");

            client.send("quit");
            assertThat(client.closeCode()).isEqualTo(4321);
        }
        assertThat(service.heads)
                .anyMatch(head -> head.startsWith(
                        "GET /internal/projects/local/sessions/s1/terminal/ws?rows=24&cols=80 HTTP/1.1"));
    }

    @Test
    void aTerminalThatBreaksOffIsClosedWithACode() throws Exception {
        try (WebSocketClient client = socket("/session/s1/term")) {
            client.send("vanish");

            assertThat(client.closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void aPtyIsATerminalInPlainWords() throws Exception {
        try (WebSocketClient client = socket("/ws/pty?sessionId=s1")) {
            client.send("ls -l");
            assertThat(client.next()).isEqualTo("got \"{'type':'input','data':'ls -l'}\"");

            client.send("{\"type\":\"resize\",\"cols\":100,\"rows\":40}");
            assertThat(client.next()).isEqualTo("got \"{'type':'resize','data':{'rows':40,'cols':100}}\"");

            client.send("quit");
            assertThat(client.closeCode()).isEqualTo(4321);
        }
    }

    @Test
    void aPageOfAnotherOriginOpensNoWebSocket() {
        assertThatThrownBy(() -> new WebSocketClient(
                        HTTP, gateway.getPort(), "/ws/pty?sessionId=s1", "Origin", "http://evil.example"))
                .hasStackTraceContaining("status code 403");
    }

    @Test
    void aPreviewIsConfinedToItsOwnAddress() throws Exception {
        try (RawClient client = new RawClient(gateway.getPort())) {
            client.get(
                    "/preview/s1/3000/login?next=1",
                    "Cookie: slipway_session=secret; app=2\r\n",
                    "Authorization: Bearer user-secret\r\n");
            String head = client.head();

            assertThat(head)
                    .startsWith("HTTP/1.1 302")
                    .contains("/preview/s1/3000/home", "app=1; HttpOnly; Path=/preview/s1/3000/")
                    .containsIgnoringCase("content-security-policy: sandbox")
                    .doesNotContain("slipway_session", "Strict-Transport", "Clear-Site-Data", "Domain");
        }
        assertThat(service.heads.stream()
                        .filter(head -> head.contains("/preview/s1/3000/login?next=1"))
                        .findFirst()
                        .orElseThrow())
                .contains("app=2")
                .containsIgnoringCase("x-forwarded-prefix: /preview/s1/3000")
                .doesNotContain("user-secret", "slipway_session");
    }

    @Test
    void unknownAndForeignSessionsAnswerAlike() throws Exception {
        try (RawClient client = new RawClient(gateway.getPort())) {
            for (String path :
                    new String[] {"/preview/%s/3000/", "/api/git/diff?sessionId=%s", "/sessions/%s/files/read"}) {
                client.get(path.formatted("unknown"), "X-Request-Id: same\r\n");
                String unknown = client.answer();
                client.get(path.formatted("foreign"), "X-Request-Id: same\r\n");

                assertThat(unknown).startsWith("HTTP/1.1 404");
                assertThat(client.answer()).isEqualTo(unknown);
            }
        }
    }

    @Test
    void aBrowserThatOpensAPreviewGetsATicketForWhatThePageLoads() throws Exception {
        try (RawClient client = new RawClient(gateway.getPort())) {
            client.get(
                    "/preview/s1/3000/app/?x=1",
                    "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: same-origin\r\n");
            String head = client.head();
            assertThat(head).startsWith("HTTP/1.1 302");
            String ticketed = head.replaceAll("(?is).*location: (\\S+).*", "$1");
            assertThat(ticketed).startsWith("/preview/s1/3000~").endsWith("/app/?x=1");

            // As a page without an origin asks for its script.
            String asPage = "Origin: null\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n";
            String script = ticketed.replace("/app/?x=1", "/app/main.js");
            client.get(script, asPage);
            assertThat(client.head())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("access-control-allow-origin: *")
                    .containsIgnoringCase("content-security-policy: sandbox");
            client.text("answer to /internal/projects/local/preview/s1/3000/app/main.js".length());

            client.get("/preview/s1/3000/app/main.js", asPage);
            assertThat(client.answer()).startsWith("HTTP/1.1 403");
            client.get(script.replace("/3000~", "/3001~"), asPage);
            assertThat(client.answer()).startsWith("HTTP/1.1 401");
            client.get(script.replaceAll("\\.[^./]+/app", ".AAAAAAAAAAAAAAAAAAAAAAAA/app"), asPage);
            assertThat(client.answer()).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void flatNamesLeadIntoTheSameSession() throws Exception {
        try (RawClient client = new RawClient(gateway.getPort())) {
            client.get("/sessions/s1/files/read?path=a");
            assertThat(client.answer())
                    .isEqualTo("HTTP/1.1 200 OK | answer to /internal/projects/local/sessions/s1/files/read?path=a");
            client.get("/api/git/diff?sessionId=s1&format=files");
            assertThat(client.answer())
                    .isEqualTo("HTTP/1.1 200 OK | answer to /internal/projects/local/sessions/s1/diff?format=files");
            client.get("/sessions/s1/opencode/session");
            assertThat(client.answer())
                    .isEqualTo("HTTP/1.1 200 OK | answer to /internal/projects/local/preview/s1/4096/session");
            client.get("/api/tasks/t1");
            assertThat(client.answer()).isEqualTo("HTTP/1.1 200 OK | answer to /internal/projects/local/tasks/t1");
            client.get("/api/git/diff");
            assertThat(client.answer()).startsWith("HTTP/1.1 400");
        }
    }
}
