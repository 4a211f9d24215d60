package dev.slipway.mitm.config;

import static dev.slipway.mitm.testing.RunningService.through;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator and a workspace set in files: in force at once, and a mistake changes nothing. */
@NullMarked
class ConfigTest {
    private Origin origin;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        origin = Origin.plain(Origin.text("hello"));
        service = new RunningService(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        origin.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "allowlist: {domains: [a.com, 'x*y']}|allowlist.domains[1]: x*y: a star in the middle",
                "allowlist: {domain: [a.com]}|allowlist.domain: unknown (expected: one of",
                "allowlist: yes please|allowlist: yes please (expected: a map)",
                "allowlist: {enabled: maybe}|allowlist.enabled: maybe (expected: true or false)",
                "headers: {a.com: {set: {Host: b.com}}}|headers.a.com.set.Host: not a header that may be set",
                "upstreams: {a.com: 'ftp://b'}|upstreams.a.com: upstreams: ftp://b (expected: an http or https URL)",
                "cache: {maxSize: lots}|cache.maxSize: lots (expected: a size, for example 20GB)",
                "cache: {patterns: ['*.a.com/x']}|cache.patterns[0]: *.a.com/x: no address (expected: host/path",
                "cache: {enable: true}|cache.enable: unknown (expected: one of",
                "passThrough: a.com|passThrough: a.com (expected: a list)",
                "loging: {}|loging: unknown",
                "a: [b|the file: while parsing a flow sequence"
            })
    void aMistakeIsToldWithItsPlace(String text, String problem) {
        assertThatThrownBy(() -> ProxyConfig.parse(text)).hasMessageStartingWith(problem);
    }

    @Test
    void theOperatorsConfigurationIsInForceAtOnceAndStaysOverARestart() throws Exception {
        Path socket = Path.of(service.open("c1").socket());
        assertThat(through(socket, "new.example.com")).contains("403 Forbidden");
        String upstreams = "{\"new.example.com\":\"http://127.0.0.1:" + origin.port() + "\"}";

        assertThat(post("{\"allowlist\":{\"domains\":[\"new.example.com\"]},\"upstreams\":" + upstreams + "}"))
                .contains("\"domains\":[\"new.example.com\"]");
        assertThat(through(socket, "new.example.com")).contains("200 OK");
        assertThat(patch("{\"headers\":{\"*.example.com\":{\"set\":{\"X-Team\":\"blue\"}}}}"))
                .contains("blue", "new.example.com");
        assertThat(post("{\"allowlist\":{\"domains\":[\"ok.com\",{}]}}"))
                .contains("allowlist.domains[1]", "\"status\":422");
        service.restart(Map.of());
        assertThat(through(socket, "new.example.com")).contains("200 OK");
        assertThat(patch("{\"allowlist\":{\"enabled\":false}}")).contains("\"enabled\":false");
        assertThat(through(socket, "new.example.com")).contains("403 Forbidden");
        assertThat(service.call("GET", "/api/config", "gateway", null, "owner", "p1")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void theFileIsWatchedAndAMistakeInItChangesNothing() throws Exception {
        Path socket = Path.of(service.open("c2").socket());
        Path file = Path.of(service.setting("slipway.home"), "proxy", "config.yaml");
        String good = "allowlist:\n  domains: [new.example.com]\nupstreams:\n  new.example.com: http://127.0.0.1:"
                + origin.port() + "\nlogging: {paths: false}\n";
        Files.writeString(file, good);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(through(socket, "new.example.com")).contains("200 OK"));

        Files.writeString(file, good.replace("domains:", "domain:"));

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(service.call("GET", "/api/config", "operator", null)
                                .body())
                        .contains("\"problem\":\"allowlist.domain: unknown", "new.example.com"));
        assertThat(through(socket, "new.example.com")).contains("200 OK");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(service.call(
                                        "GET",
                                        "/internal/projects/p1/sessions/c2/egress?decision=allowed",
                                        "gateway",
                                        null)
                                .body())
                        .contains("\"host\":\"new.example.com\"")
                        .doesNotContain("\"path\""));
    }

    @Test
    void aWorkspaceFileNarrowsAndWidensOnlyOnceThatVeryTextIsApproved() throws Exception {
        post("{\"upstreams\":{\"a.example.com\":\"http://127.0.0.1:" + origin.port()
                + "\",\"more.example.com\":\"http://127.0.0.1:" + origin.port() + "\"}}");
        Path socket = Path.of(service.open("c3").socket());
        String text =
                "allowlist: {domains: [more.example.com]}\\nheaders: {more.example.com: {set: {X-Own: yes-please}}}"
                        + "\\nupstreams: {evil.example.com: 'http://127.0.0.1:1'}\\n";
        assertThat(service.call("PUT", "/api/sessions/c3/workspace-config", "container-service", "{\"text\":\"x: 1\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(through(socket, "a.example.com")).contains("200 OK");

        String put = service.call(
                        "PUT", "/api/sessions/c3/workspace-config", "container-service", "{\"text\":\"" + text + "\"}")
                .body();
        assertThat(put).contains("\"approved\":false", "\"ignored\":[\"upstreams\"]");
        assertThat(through(socket, "a.example.com")).contains("403 Forbidden", "does not name a.example.com");
        assertThat(through(socket, "more.example.com")).contains("403 Forbidden");

        String path = "/internal/projects/p1/sessions/c3/egress/config";
        String approval = "{\"sha256\":\"" + put.replaceAll(".*\"sha256\":\"([0-9a-f]+)\".*", "$1") + "\"}";
        assertThat(service.call("PUT", path + "/approval", "gateway", approval, "member", "p1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.call("PUT", path + "/approval", "gateway", "{\"sha256\":\"00\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(service.call("PUT", path + "/approval", "gateway", approval).body())
                .contains("\"approved\":true");

        assertThat(through(socket, "a.example.com")).contains("200 OK");
        assertThat(through(socket, "more.example.com")).contains("200 OK");
        service.restart(Map.of());
        assertThat(through(socket, "more.example.com")).contains("200 OK");
        assertThat(service.call("DELETE", path + "/approval", "gateway", null).statusCode())
                .isEqualTo(204);
        assertThat(through(socket, "more.example.com")).contains("403 Forbidden");
    }

    private String post(String body) throws Exception {
        return service.call("POST", "/api/config", "operator", body).body();
    }

    private String patch(String body) throws Exception {
        return service.call("PATCH", "/api/config", "operator", body).body();
    }

    /** 5,000 files in each run, of a fixed seed. */
    @Test
    void whateverIsInAFileItIsReadOrRefusedInWords() {
        String file = """
                allowlist: {enabled: true, domains: ['*.example.com'], ips: [198.51.100.0/24]}
                headers: {api.example.com: {conditions: [{header: Accept, equals: x}], set: {X-Team: blue}}}
                passThrough: [pinned.example.com]
                upstreams: {api.example.com: 'https://gateway.internal/x'}
                logging: {paths: true}
                """;
        String alphabet = "{}[]:,'\"\n -*&!|>%@#a0\t\u00e9\u0000.";
        var random = new java.util.Random(6);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(file);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                ProxyConfig.parse(text.toString());
                read++;
            } catch (MalformedConfig inWords) {
                assertThat(inWords.getMessage()).isNotBlank();
            }
        }
        assertThat(read).isBetween(1, 4_999);
    }
}
