package dev.slipway.container.preview;

import static dev.slipway.container.testing.ServiceUnderTest.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.container.testing.RealAgent;
import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.container.testing.SocketClient;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Previews, commands, files and services of a session, through the service, at a real agent. */
@NullMarked
@Tag("engine")
@Timeout(90)
class DoorsIntoSandboxTest {
    private static final Caller MEMBER =
            new Caller("gateway", "ana", "Ana", "a@example.com", PROJECT, Role.MEMBER, null);

    private final String session = "s-" + UUID.randomUUID();
    private final String preview = "/internal/projects/p1/preview/" + session + "/";
    private final String paths = "/internal/projects/p1/sessions/" + session;

    @TempDir
    private Path folder;

    private ServiceUnderTest service;
    private RealAgent agent;

    @BeforeEach
    void start() throws Exception {
        service = new ServiceUnderTest(
                Map.of("slipway.sandboxes.sweep-every", "1h", "slipway.commands.allow", "git log *,sleep *,sh -c *"));
        Path files = Files.createDirectories(folder.resolve("repository"));
        Files.createDirectories(files.resolve(".slipway/services"));
        Files.writeString(
                files.resolve(".slipway/services/web.sh"), "# ---\n# name: Web\n# http: 5173\n# ---\nsleep 100\n");
        agent = RealAgent.start(service, session, folder, files);
    }

    @AfterEach
    void end() throws Exception {
        agent.stop();
        service.close();
    }

    @Test
    void aPreviewPassesBothWaysAndLearnsNothingOfTheUser() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String told = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().keySet() + " "
                    + exchange.getRequestHeaders().getFirst("Host") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Set-Cookie", "app=1");
            exchange.getResponseHeaders().add("X-App", "yes");
            exchange.sendResponseHeaders(201, 0);
            exchange.getResponseBody().write(told.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();

            HttpResponse<String> answer = call("POST", preview + port + "/a%20b?c=d%2Fe", "{\"x\":1}");

            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.body())
                    .startsWith("POST /a%20b?c=d%2Fe ")
                    .endsWith(" localhost:" + port + " {\"x\":1}")
                    .doesNotContainIgnoringCase("slipway");
            assertThat(answer.headers().firstValue("X-App")).hasValue("yes");
            assertThat(answer.headers().firstValue("Set-Cookie")).hasValue("app=1");
            assertThat(call("GET", preview + port, "").body()).startsWith("GET / ");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whatIsStreamedComesAtOnce() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CountDownLatch read = new CountDownLatch(1);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("first\n".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.close();
        });
        server.start();
        try {
            HttpResponse<InputStream> answer = service.call(
                    MEMBER,
                    "GET",
                    preview + server.getAddress().getPort() + "/",
                    "",
                    HttpResponse.BodyHandlers.ofInputStream());

            assertThat(new String(answer.body().readNBytes(6), StandardCharsets.US_ASCII))
                    .isEqualTo("first\n");
            read.countDown();
            assertThat(answer.body().readAllBytes()).isEmpty();
        } finally {
            read.countDown();
            server.stop(0);
        }
    }

    @Test
    void aWebSocketPassesAsItIs() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(server));
            try (SocketClient client =
                    SocketClient.connect(service, MEMBER, preview + server.getLocalPort() + "/hmr?token=1")) {
                await().untilAsserted(() -> assertThat(client.texts()).containsExactly("hello /hmr?token=1"));
            }
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        int free;
        try (ServerSocket server = new ServerSocket(0)) {
            free = server.getLocalPort();
        }
        assertThat(call("GET", preview + free + "/", "").statusCode()).isEqualTo(502);
        assertThat(call("GET", preview + "99999/", "").statusCode()).isEqualTo(400);
        assertThat(call("GET", preview.replace(session, "nobody") + free + "/", "")
                        .statusCode())
                .isEqualTo(404);
        service.execute("UPDATE sandbox SET state = 'preparing'");
        HttpResponse<String> starting = call("GET", preview + free + "/", "");
        assertThat(starting.statusCode()).isEqualTo(503);
        assertThat(starting.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aCommandOfTheListRunsAndEndsWithWhoeverAskedForIt() throws Exception {
        HttpResponse<String> answer = call("POST", paths + "/cmd", "{\"cmd\":\"git log --format=%s\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().strip()).startsWith("{\"code\":0,\"stdout\":\"first\\n\",\"stderr\":\"\"");
        assertThat(call("POST", paths + "/cmd", "{\"cmd\":\"git push\"}").statusCode())
                .isEqualTo(403);
        assertThat(call("POST", paths + "/cmd", "{\"cmd\":\"git log\",\"cwd\":\"../..\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(call("POST", paths + "/cmd", "{\"cmd\":\"sleep 50\",\"timeoutMs\":300}")
                        .body())
                .contains("\"code\":124");

        HttpResponse<InputStream> running = service.call(
                MEMBER, "POST", paths + "/cmd", "{\"cmd\":\"sleep 4321\"}", HttpResponse.BodyHandlers.ofInputStream());
        await().until(DoorsIntoSandboxTest::sleeps);
        running.body().close();

        await().atMost(Duration.ofSeconds(20)).until(() -> !sleeps());
    }

    @Test
    void filesAndServicesAreAgents() throws Exception {
        assertThat(call("GET", paths + "/files/search?q=readme", "").body()).contains("\"path\":\"README.md\"");
        assertThat(call("POST", paths + "/files/rename", "{\"oldPath\":\"README.md\",\"newPath\":\"docs/R.md\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("GET", paths + "/files/read?path=README.md&fromBase=true", "")
                        .body())
                .contains("hello");
        HttpResponse<byte[]> archive =
                service.call(MEMBER, "GET", paths + "/files/archive", "", HttpResponse.BodyHandlers.ofByteArray());
        assertThat(archive.headers().firstValue("Content-Type")).hasValue("application/gzip");
        assertThat(archive.body()).startsWith((byte) 0x1f, (byte) 0x8b);
        assertThat(call("POST", paths + "/files/delete", "{\"path\":\"../x\"}").statusCode())
                .isEqualTo(400);

        assertThat(call("POST", paths + "/services/web/start", "").statusCode()).isEqualTo(202);
        assertThat(call("GET", paths + "/services", "").body())
                .contains("\"id\":\"web\"", "\"http\":5173", "\"status\":\"running\"", "\"ports\":[", "\"hooks\":{}");
        assertThat(call("POST", paths + "/services/web/stop", "").statusCode()).isEqualTo(200);
    }

    private static boolean sleeps() {
        return ProcessHandle.current()
                .descendants()
                .anyMatch(process -> process.info().commandLine().orElse("").contains("sleep 4321"));
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
        return service.call(MEMBER, method, path, body, HttpResponse.BodyHandlers.ofString());
    }

    /** A server that takes one WebSocket and says one thing. */
    private static void greet(ServerSocket server) {
        try (Socket client = server.accept()) {
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) client.getInputStream().read());
            }
            String key = head.toString().replaceAll("(?is).*\r\nsec-websocket-key: ([^\r]*)\r\n.*", "$1");
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            String text = "hello " + head.toString().split(" ", 3)[1];
            OutputStream out = client.getOutputStream();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(0x81);
            out.write(text.length());
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            client.getInputStream().readAllBytes();
        } catch (IOException | java.security.NoSuchAlgorithmException _) {
            return; // the test has ended
        }
    }
}
