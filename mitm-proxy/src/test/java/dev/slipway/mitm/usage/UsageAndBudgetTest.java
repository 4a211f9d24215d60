package dev.slipway.mitm.usage;

import static dev.slipway.mitm.testing.RunningService.messages;
import static dev.slipway.mitm.testing.RunningService.through;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.contracts.gateway.ProjectEvent.LimitsChanged;
import dev.slipway.contracts.gateway.ProjectLimits;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.inbox.EventEnvelope;
import dev.slipway.mitm.testing.Origin;
import dev.slipway.mitm.testing.RunningService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Model calls are counted, priced and held to budgets, over restarts too. */
@NullMarked
class UsageAndBudgetTest {
    private static final String HOST = "api.anthropic.com";
    /** 100,000 tokens in and 20,000 out of a model at 3 and 15 dollars a million: 60 cents. */
    private static final String ANSWER =
            "{\"model\":\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":100000,\"output_tokens\":20000}}";

    private Origin provider;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        provider = Origin.plain((head, in, out) -> {
            out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + ANSWER.length()
                            + "\r\n\r\n" + ANSWER)
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return true;
        });
        service = new RunningService(Map.of("slipway.egress.upstreams", HOST + "=http://127.0.0.1:" + provider.port()));
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        provider.close();
    }

    @Test
    void callsAreAddedUpBySessionDayAndModelAndTold() throws Exception {
        Path first = Path.of(service.open("u1").socket());
        Path second = Path.of(service.open("u2").socket());
        assertThat(through(first, HOST)).contains("200 OK");
        assertThat(through(first, HOST)).contains("200 OK");
        assertThat(through(second, HOST)).contains("200 OK");

        String path = "/internal/projects/p1/usage?by=";
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(usage(path + "session"))
                        .contains("\"sessionId\":\"u1\",\"calls\":2,\"unpricedCalls\":0,\"inputTokens\":200000")
                        .contains("\"outputTokens\":40000,\"costUsd\":1.2")
                        .contains("\"sessionId\":\"u2\",\"calls\":1"));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(usage(path + "day")).contains("\"day\":\"" + today + "\",\"calls\":3");
        assertThat(usage(path + "model")).contains("\"model\":\"claude-sonnet-4-5\",\"calls\":3");
        assertThat(usage(path + "day&to=" + today.minusDays(1))).contains("\"usage\":[]");
        assertThat(usage(path + "session&limit=1")).contains("u1", "nextCursor").doesNotContain("u2");
        assertThat(usage(path + "colour")).contains("expected: session, day or model");
        assertThat(usage(path + "day&from=monday")).contains("expected: a day in UTC");
        assertThat(usage("/internal/projects/p1/sessions/u1/egress")).contains("\"costUsd\":0.6");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(messages("slipway.lifecycle.v1", 1))
                        .filteredOn(event -> event.contains("\"usage\":{") && event.contains("\"sessionId\":\"u1\""))
                        .hasSize(2)
                        .allMatch(event -> event.contains("\"costUsd\":0.6")));
    }

    @Test
    void aProjectsBudgetRefusesTheNextCallAndHoldsOverARestart() throws Exception {
        Path socket = Path.of(service.open("u3").socket());
        limit(1.0);
        assertThat(through(socket, HOST)).contains("200 OK");
        assertThat(through(socket, HOST)).contains("200 OK");

        assertThat(through(socket, HOST))
                .startsWith("HTTP/1.1 402 ")
                .contains("problems/egress-budget-spent", "budget for this month of 1.00 USD is spent (1.20 USD)");
        assertThat(provider.heads()).hasSize(2);
        assertThat(through(socket, HOST)).startsWith("HTTP/1.1 402 ");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(usage("/internal/projects/p1/usage")).contains("\"calls\":2"));
        service.restart(Map.of());
        assertThat(through(socket, HOST)).startsWith("HTTP/1.1 402 ");

        limit(2.0);
        assertThat(through(socket, HOST)).contains("200 OK");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(messages("slipway.lifecycle.v1", 1))
                        .noneMatch(event -> event.contains("\"host\":\"" + HOST))
                        .filteredOn(event -> event.contains("\"scope\":\"project\"") && event.contains("\"u3\""))
                        .singleElement()
                        .satisfies(event -> assertThat(event).contains("\"budgetUsd\":1.0", "\"spentUsd\":1.2")));
    }

    @Test
    void aSessionsBudgetIsItsOwnAndAnAdminSetsIt() throws Exception {
        Path socket = Path.of(service.open("u4").socket());
        String path = "/internal/projects/p1/sessions/u4/egress/budget";
        assertThat(service.call("PUT", path, "gateway", "{\"budgetUsd\":0.5}", "member", "p1")
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.call("PUT", path, "gateway", "{\"budgetUsd\":-1}").statusCode())
                .isEqualTo(422);
        assertThat(service.call("PUT", path, "gateway", "{\"budgetUsd\":0.5}").statusCode())
                .isEqualTo(200);
        assertThat(through(socket, HOST)).contains("200 OK");

        assertThat(through(socket, HOST)).startsWith("HTTP/1.1 402 ").contains("The session's budget of 0.50 USD");
        assertThat(usage(path)).contains("\"budgetUsd\":0.5", "\"spentUsd\":0.6", "\"projectSpentUsd\":0.6");
        assertThat(through(Path.of(service.open("u5").socket()), HOST)).contains("200 OK");

        assertThat(service.call("PUT", path, "gateway", "{\"budgetUsd\":null}").statusCode())
                .isEqualTo(200);
        assertThat(through(socket, HOST)).contains("200 OK");
        assertThat(service.call("GET", path.replace("u4", "other"), "gateway", null)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void whatCannotBeMeteredIsTurnedBackToHttp() throws Exception {
        Path socket = Path.of(service.open("u6").socket());

        assertThat(RunningService.send(
                        socket,
                        "GET http://" + HOST + "/v1/responses HTTP/1.1\r\nHost: " + HOST
                                + "\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
                .startsWith("HTTP/1.1 426 ")
                .contains("problems/egress-unmetered");
    }

    private void limit(double usd) {
        service.bean(LimitsChangedHandler.class)
                .handle(
                        new EventEnvelope(Ids.next(), "/gateway", "x", "p1", 1, Instant.now(), "p1", null),
                        new LimitsChanged(new ProjectLimits(null, null, null, null, null, null, null, usd)));
    }

    private String usage(String path) throws Exception {
        return service.call("GET", path, "gateway", null).body();
    }
}
