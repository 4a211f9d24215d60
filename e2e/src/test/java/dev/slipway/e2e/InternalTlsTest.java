package dev.slipway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The services, each a process of its own, speak TLS with certificates on both sides (docs/adr/0015), and the main job goes on. */
@Tag("engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InternalTlsTest {
    private Path folder = Path.of("unset");
    private InternalAuthority authority;
    private FakeLlm model;
    private Slipway slipway;
    private Api api;

    @BeforeAll
    @SuppressWarnings("NullAway.Init") // the fields are set before the first story
    void start() throws IOException, GeneralSecurityException {
        folder = Files.createTempDirectory("slipway-e2e");
        model = FakeLlm.start(folder);
        authority = InternalAuthority.in(folder, "slipway");
        Map<String, String> environment = new HashMap<>(model.environment());
        environment.putAll(authority.environment());
        slipway = Slipway.start(Slipway.Shape.ISOLATED, folder, environment);
        api = slipway.api();
        api.post(
                        "/api/projects/local/credentials",
                        Map.of(
                                "provider",
                                "anthropic",
                                "name",
                                "anthropic",
                                "authType",
                                "api_key",
                                "apiKey",
                                model.anthropicKey))
                .expect(200);
    }

    @AfterAll
    void stop() {
        try (FakeLlm _ = model;
                Slipway _ = slipway) {
            JsonNode sessions =
                    api.get("/api/projects/local/sessions").expect(200).path("sessions");
            sessions.forEach(session -> api.send(
                    "DELETE",
                    "/api/projects/local/sessions/" + session.path("id").asText(),
                    null));
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> api.get("/api/projects/local/sessions")
                            .expect(200)
                            .path("sessions")
                            .isEmpty());
        }
    }

    @Test
    void anAgentsChangeEndsAsACommitOnTheWorkspacesBranch() throws IOException {
        Path repository = Repositories.small(folder.resolve("repo"));
        String session = api.session(api.workspace(repository.toString()), api.agent("claude-code"));
        api.awaitSession(session, "ready");

        try (ChatStream stream = api.chat(session, "m1", "[[script:write path=hello.txt content=\"over TLS\"]]")) {
            stream.rest();
        }
        api.awaitSession(session, "ready");
        JsonNode applied = api.post("/api/projects/local/sessions/" + session + "/apply", Map.of())
                .expect(200);

        assertThat(Commands.git(repository, "log", "-1", "--format=%H").strip())
                .isEqualTo(applied.path("commit").asText());
        assertThat(Files.readString(repository.resolve("hello.txt")).strip()).isEqualTo("over TLS");
    }

    @Test
    void nobodyWithoutACertificateOfTheAuthorityIsLetIn() throws Exception {
        InternalAuthority stranger = InternalAuthority.in(folder, "stranger");
        List<URI> services = services();

        assertThat(services).hasSize(5);
        for (URI service : services) {
            URI plain = URI.create(service.toString().replace("https:", "http:"));
            assertThatThrownBy(() -> status(HttpClient.newHttpClient(), plain))
                    .as("plain text to " + service)
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> status(client(authority.withoutCertificate()), service))
                    .as("no certificate to " + service)
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> status(client(authority.withCertificateOf(stranger)), service))
                    .as("a stranger's certificate to " + service)
                    .isInstanceOf(IOException.class);
            assertThat(status(client(authority.withCertificateOf(authority)), service))
                    .as("the authority's certificate, but no identity, to " + service)
                    .isEqualTo(401);
        }
    }

    /** A path of each service but the gateway that asks for an identity. */
    private List<URI> services() throws IOException {
        List<URI> all = new ArrayList<>();
        JsonNode status = Api.JSON.readTree(slipway.command(Duration.ofMinutes(1), "status", "--json"));
        for (JsonNode service : status.path("services")) {
            if (!service.path("name").asText().equals("gateway")) {
                all.add(URI.create(
                        "https://127.0.0.1:" + service.path("port").asInt() + "/internal/projects/local/any"));
            }
        }
        return all;
    }

    private static HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    private static int status(HttpClient client, URI address) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(address)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
