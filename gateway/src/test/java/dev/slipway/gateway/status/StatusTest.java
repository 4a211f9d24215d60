package dev.slipway.gateway.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.gateway.Gateways;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code /api/status} tells a person who cannot start a session. */
class StatusTest {
    private static final String ADVICE =
            "The sandbox image slipway/sandbox:0.1.0 is not on this machine. Build it with: ./slipway image build";

    private HttpServer containerService;
    private String engine = "";

    @BeforeEach
    void answer() throws IOException {
        containerService = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        containerService.createContext("/", exchange -> {
            byte[] body = (exchange.getRequestURI().getPath().equals("/internal/engine") ? engine : "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        containerService.start();
    }

    @AfterEach
    void stop() {
        containerService.stop(0);
    }

    @Test
    void aMissingImageIsNamedWithTheCommandThatMendsIt() throws Exception {
        engine = """
                {"kind":"docker","version":"1","message":null,"images":[
                 {"name":"slipway/sandbox:0.1.0","present":false,"digest":null,"message":"%s"}]}""".formatted(ADVICE);

        assertThat(status())
                .contains("\"ok\":true")
                .contains(
                        "{\"id\":\"image\",\"level\":\"warning\",\"title\":\"The sandbox image is missing\",\"message\":\""
                                + ADVICE + "\"}");
    }

    @Test
    void ofAnImageThatIsThereNothingIsSaid() throws Exception {
        engine = """
                {"kind":"docker","version":"1","message":null,"images":[
                 {"name":"slipway/sandbox:0.1.0","present":true,"digest":"sha256:1","message":null}]}""";

        assertThat(status()).contains("\"present\":true").doesNotContain("\"id\":\"image\"");
    }

    @Test
    void anEngineThatDoesNotAnswerIsSaid() throws Exception {
        engine =
                "{\"kind\":\"none\",\"version\":null,\"message\":\"Start it with: systemctl start docker\",\"images\":[]}";

        assertThat(status()).contains("No container engine answers", "Start it with: systemctl start docker");
    }

    private String status() throws Exception {
        String address = "http://127.0.0.1:" + containerService.getAddress().getPort();
        try (EmbeddedServer gateway = Gateways.anonymous(address, Map.of());
                HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(gateway.getURI() + "/api/status"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
