package dev.slipway.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.kit.http.InternalClient;
import dev.slipway.kit.http.UpstreamUnavailableException;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.testing.EmbeddedServers;
import dev.slipway.kit.testing.TestAuthority;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of calls between services where TLS between them is on. */
@NullMarked
class InternalTlsTest {
    private static final Map<String, String> BASE = EmbeddedServers.properties();
    private static final TestAuthority OURS = TestAuthority.make();
    private static final TestAuthority ANOTHER = TestAuthority.make();

    private static EmbeddedServer service;

    /** Something to ask for. */
    @Controller("/internal/tls-test")
    static class Asked {
        @Get
        Map<String, String> caller(Caller caller) {
            return Map.of("caller", caller.userId());
        }
    }

    @BeforeAll
    static void start() {
        service = ApplicationContext.run(EmbeddedServer.class, settings(OURS.internalTls()));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Map<String, Object> settings(Map<String, String> more) {
        Map<String, Object> all = new HashMap<>(BASE);
        all.put("micronaut.application.name", "session-service");
        all.putAll(more);
        return all;
    }

    private static InternalTls tls(Path certificate, Path key, Path authorities) {
        return new InternalTls(new InternalTlsSettings(true, certificate, key, authorities));
    }

    @Test
    void aServiceWithACertificateOfTheSameAuthorityIsAnswered() {
        Map<String, Object> settings = settings(OURS.internalTls());
        settings.put("slipway.services.session-service.url", "https://localhost:" + service.getPort());
        try (ApplicationContext other = ApplicationContext.run(settings)) {
            String caller = other.getBean(InternalClient.class)
                    .call(
                            Caller.system("session-service", null),
                            "session-service",
                            "GET",
                            "/internal/tls-test",
                            null,
                            Map.class,
                            Duration.ofSeconds(10))
                    .toString();

            assertThat(service.getURI()).hasScheme("https");
            assertThat(caller).isEqualTo("{caller=system}");
        }
    }

    @Test
    void aStreamIsOpenedWithTheSameCertificatesAndTrust() throws Exception {
        assertThat(streamed(OURS.internalTls())).isEqualTo("{\"caller\":\"system\"}");
        assertThatThrownBy(() -> streamed(ANOTHER.internalTls())).isInstanceOf(UpstreamUnavailableException.class);
    }

    private static String streamed(Map<String, String> tls) throws IOException {
        Map<String, Object> settings = settings(tls);
        settings.put("slipway.services.session-service.url", "https://localhost:" + service.getPort());
        try (ApplicationContext other = ApplicationContext.run(settings);
                InputStream body = other.getBean(InternalClient.class).stream(
                        Caller.system("session-service", null),
                        "session-service",
                        "/internal/tls-test",
                        Duration.ofSeconds(10))) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsOfNoUse() {
        InternalTls impostor = tls(ANOTHER.certificate(), ANOTHER.key(), OURS.authorities());
        try (HttpClient client = client(impostor.context())) {
            assertThatThrownBy(() -> ask(client, "https", "/internal/tls-test")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerWithACertificateOfAnotherAuthorityIsNotTalkedTo() {
        InternalTls stranger = tls(OURS.certificate(), OURS.key(), ANOTHER.authorities());
        try (HttpClient client = client(stranger.context())) {
            assertThatThrownBy(() -> ask(client, "https", "/internal/tls-test"))
                    .hasRootCauseMessage("unable to find valid certification path to requested target");
        }
    }

    @Test
    void aCertificateDoesNotStandForAnIdentity() throws Exception {
        InternalTls tls = service.getApplicationContext().getBean(InternalTls.class);
        try (HttpClient client = client(tls.context())) {
            assertThat(ask(client, "https", "/internal/tls-test").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whoShowsNoCertificateOrSpeaksNoTlsReachesNothingNotEvenHealth() throws Exception {
        InternalTls tls = service.getApplicationContext().getBean(InternalTls.class);
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, tls.trust().getTrustManagers(), null);
        try (HttpClient nobody = client(trusting)) {
            assertThatThrownBy(() -> ask(nobody, "https", "/health")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> ask(nobody, "http", "/health")).isInstanceOf(IOException.class);
        }
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    private static HttpResponse<String> ask(HttpClient client, String scheme, String path)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + service.getPort() + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
