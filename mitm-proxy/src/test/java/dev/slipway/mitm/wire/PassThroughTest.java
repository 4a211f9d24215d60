package dev.slipway.mitm.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.mitm.authority.CertificateAuthority;
import dev.slipway.mitm.authority.TestOriginCertificates;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts whose TLS the operator leaves alone: the client meets the server itself, and no key is put on anything. */
@NullMarked
class PassThroughTest {
    private static final String HOST = "pinned.example.com";

    @TempDir
    Path folder;

    @Test
    void theServersOwnCertificateArrivesAndTheNameStillCounts() throws Exception {
        TestOriginCertificates certificates = new TestOriginCertificates(folder);
        try (var origin = Origin.tls(certificates.serverOf(HOST), Origin.text("hello"));
                var proxy = new RunningProxy.Builder()
                        .upstreams(HOST + "=https://127.0.0.1:" + origin.port())
                        .allowing(HOST)
                        .passing(HOST)
                        .start()) {
            proxy.rules(RunningProxy.set(HOST, "X-Key", "secret"));

            assertThat(get(proxy, trustingServer(), HOST)).contains("200 OK").endsWith("hello");
            assertThat(origin.onlyHead().header("X-Key")).isNull();
            assertThatThrownBy(() -> get(proxy, trustingServer(), "other.example.com"))
                    .hasMessageContaining("unrecognized");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(proxy.records())
                            .anyMatch(record -> "pass-through".equals(record.rule()) && record.bytesDown() > 0)
                            .anyMatch(record -> record.decision().equals("blocked")));
        }
    }

    /** A new one each time: a resumed session would repeat the name of the first. */
    private SSLContext trustingServer() throws Exception {
        return TestOriginCertificates.clientTrusting(
                CertificateAuthority.in(folder, Clock.systemUTC()).certificate());
    }

    private static String get(RunningProxy proxy, SSLContext tls, String sni) throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.relayPort()), 5_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("CONNECT " + HOST + ":443 HTTP/1.1\r\nHost: " + HOST + ":443\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            while (!Origin.line(socket.getInputStream()).isEmpty()) {
                // The head of the answer to CONNECT.
                Thread.onSpinWait();
            }
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, HOST, 443, true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(sni)));
            secure.setSSLParameters(parameters);
            secure.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + HOST + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("hello") < 0) {
                answer.append((char) secure.getInputStream().read());
            }
            return answer.toString();
        }
    }
}
