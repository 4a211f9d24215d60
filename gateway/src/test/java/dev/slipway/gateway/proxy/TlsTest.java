package dev.slipway.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.gateway.Gateways;
import dev.slipway.kit.testing.TestAuthority;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gateway where TLS is spoken on both its sides: with clients, by HTTP/2 and HTTP/1.1, and with the services. */
class TlsTest {
    private static final String SESSIONS = "/api/projects/local/sessions";
    private static final TestAuthority OURS = TestAuthority.make();
    private static final TestAuthority ANOTHER = TestAuthority.make();

    private static ScriptedService service;
    private static EmbeddedServer gateway;
    private static SSLContext client;

    @BeforeAll
    static void start() throws Exception {
        service = behindTls(OURS);
        client = context(OURS);
        Map<String, Object> settings = new HashMap<>(OURS.internalTls());
        settings.put("micronaut.server.ssl.enabled", "true");
        settings.put("micronaut.server.ssl.port", "-1");
        settings.put("micronaut.certificate.file.public.path", OURS.key().toString());
        settings.put(
                "micronaut.certificate.file.public.certificate-path",
                OURS.certificate().toString());
        gateway = Gateways.anonymous(address(service), settings);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        service.close();
    }

    /** A service that takes nobody without a certificate of this authority. */
    private static ScriptedService behindTls(TestAuthority authority) throws Exception {
        SSLContext context = context(authority);
        return new ScriptedService(TlsTest::script, new javax.net.ServerSocketFactory() {
            @Override
            public SSLServerSocket createServerSocket(int port, int backlog, java.net.InetAddress address)
                    throws java.io.IOException {
                SSLServerSocket socket =
                        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(port, backlog, address);
                socket.setNeedClientAuth(true);
                return socket;
            }

            @Override
            public SSLServerSocket createServerSocket(int port) {
                throw new UnsupportedOperationException();
            }

            @Override
            public SSLServerSocket createServerSocket(int port, int backlog) {
                throw new UnsupportedOperationException();
            }
        });
    }

    private static String address(ScriptedService service) {
        return "https://localhost:" + service.port();
    }

    private static SSLContext context(TestAuthority authority) throws Exception {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        try (InputStream certificate =
                        new FileInputStream(authority.certificate().toFile());
                InputStream root = new FileInputStream(authority.authorities().toFile())) {
            String pem = Files.readString(authority.key()).replaceAll("-----[A-Z ]+-----", "");
            own.setKeyEntry(
                    "own",
                    KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(
                                    Base64.getMimeDecoder().decode(pem))),
                    new char[0],
                    new Certificate[] {certificates.generateCertificate(certificate)});
            own.setCertificateEntry("ca", certificates.generateCertificate(root));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(own);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void script(String head, InputStream in, OutputStream out, Socket socket) throws Exception {
        String path = head.split(" ", 3)[1];
        if (path.contains("/terminal/ws")) {
            ScriptedService.send(
                    out,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello");
            in.transferTo(out);
        } else if (path.endsWith("/sse")) {
            ScriptedService.send(
                    out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            ScriptedService.send(out, "9\r\ndata: 1\n\n\r\n");
            in.read();
        } else if (path.contains("/files/write")) {
            long length = Long.parseLong(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            in.skipNBytes(length);
            ScriptedService.ok(out, "stored " + length);
        } else {
            boolean secure = head.toLowerCase(java.util.Locale.ROOT).contains("x-forwarded-proto: https");
            ScriptedService.ok(out, (secure ? "secure " : "open ") + path);
        }
    }

    private static HttpClient http(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).sslContext(client).build();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.getPort() + path))
                .timeout(Duration.ofSeconds(20));
    }

    @Test
    void restUploadsAndEventsPassByHttp2OverTls() throws Exception {
        Path large = Files.write(Files.createTempFile("slipway", "upload"), new byte[20 << 20]);
        try (HttpClient http2 = http(HttpClient.Version.HTTP_2)) {
            HttpResponse<String> answer =
                    http2.send(request(SESSIONS + "/one").build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> upload = http2.send(
                    request(SESSIONS + "/s/files/write")
                            .PUT(HttpRequest.BodyPublishers.ofFile(large))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("secure /internal/projects/local/sessions/one");
            assertThat(upload.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(upload.body()).isEqualTo("stored " + (20 << 20));
            for (String path : new String[] {SESSIONS + "/sse", "/api/projects/local/events"}) {
                HttpResponse<InputStream> stream =
                        http2.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                    assertThat(stream.version()).isEqualTo(HttpClient.Version.HTTP_2);
                    assertThat(lines.readLine()).matches("data: 1|retry: \\d+");
                }
            }
        } finally {
            Files.delete(large);
        }
    }

    @Test
    void aTerminalIsReachedByHttp11OverTls() throws Exception {
        try (Socket socket = client.getSocketFactory().createSocket("localhost", gateway.getPort())) {
            socket.setSoTimeout(10_000);
            ScriptedService.send(
                    socket.getOutputStream(),
                    "GET " + SESSIONS + "/s/terminal/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://localhost\r\n\r\n");

            assertThat(ScriptedService.readHead(socket.getInputStream())).startsWith("HTTP/1.1 101");
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            ScriptedService.send(socket.getOutputStream(), "echo");
            assertThat(new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII))
                    .isEqualTo("echo");
        }
    }

    @Test
    void aServiceWithACertificateOfAnotherAuthorityIsAway() throws Exception {
        ScriptedService impostor = behindTls(ANOTHER);
        Map<String, Object> settings = new HashMap<>(OURS.internalTls());
        settings.put("micronaut.server.ssl.enabled", "false");
        EmbeddedServer deceived = Gateways.anonymous(address(impostor), settings);
        try (RawClient visitor = new RawClient(deceived.getPort())) {
            visitor.get(SESSIONS + "/one");

            assertThat(visitor.answer()).startsWith("HTTP/1.1 503");
            assertThat(impostor.heads).isEmpty();
        } finally {
            deceived.close();
            impostor.close();
        }
    }
}
