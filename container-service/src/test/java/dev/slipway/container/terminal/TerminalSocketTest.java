package dev.slipway.container.terminal;

import static dev.slipway.container.testing.ServiceUnderTest.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.container.testing.RealAgent;
import dev.slipway.container.testing.ServiceUnderTest;
import dev.slipway.container.testing.SocketClient;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.identity.Role;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A terminal as its viewers meet it: a real shell at a real agent, and the service in between, which may go away. */
@NullMarked
@Tag("engine")
@Timeout(90)
class TerminalSocketTest {
    private static final Caller MEMBER =
            new Caller("gateway", "ana", "Ana", "a@example.com", PROJECT, Role.MEMBER, null);
    private static final Caller STRANGER = new Caller("gateway", "bob", "Bob", "b@example.com", "p2", Role.OWNER, null);
    private static final JsonMapper JSON = JsonMapper.createDefault();

    private final String session = "s-" + UUID.randomUUID();
    private final String path = "/internal/projects/p1/sessions/" + session + "/terminal";

    @TempDir
    private Path folder;

    private ServiceUnderTest service;
    private RealAgent agent;

    @BeforeEach
    void start() throws Exception {
        service = new ServiceUnderTest(Map.of("slipway.sandboxes.sweep-every", "1h"));
        agent = RealAgent.start(service, session, folder, Files.createDirectories(folder.resolve("repository")));
    }

    @AfterEach
    void end() throws Exception {
        agent.stop();
        service.close();
    }

    @Test
    void tenThousandLinesAreTheSameForTwoViewersOfWhomOneComesBack() throws Exception {
        try (SocketClient steady = view("?rows=30&cols=100&since=0");
                SocketClient restless = view("?rows=30&cols=100&since=0")) {
            type(
                    steady,
                    "for i in $(seq 1 10000); do printf '\\033[3%dmline %05d grün 🛥\\033[0m\\n' $((i % 8)) $i; [ $i = 5000 ] && sleep 1; done; exit 3\n");
            // The pause lets the other one leave in the middle, however quick the machine is.
            await().until(() -> output(restless).length() > 20_000);
            restless.breakOff();
            List<String> seenFrames = restless.texts();
            String first = output(seenFrames);
            long seen = lastSeq(seenFrames);

            try (SocketClient back = view("?since=" + seen)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> steady.closed() >= 0 && back.closed() >= 0);

                assertThat(output(steady)).contains("line 00001 grün 🛥", "line 10000 grün 🛥");
                assertThat(first + output(back)).isEqualTo(output(steady));
                assertThat(steady.closed()).isEqualTo(1000);
                assertThat(steady.texts().getLast()).isEqualTo("{\"type\":\"exit\",\"code\":3}");
                assertThat(back.texts().getLast()).isEqualTo("{\"type\":\"exit\",\"code\":3}");
            }
        }
    }

    @Test
    void theShellGoesOnWhileTheServiceIsAway() throws Exception {
        SocketClient before = view("?rows=30&cols=100&since=0");
        type(before, "echo pid=$$; for i in $(seq 1 30); do echo tick $i; sleep 0.1; done\n");
        await().until(() -> output(before).contains("tick 2"));
        List<String> seenFrames = before.texts();
        long seen = lastSeq(seenFrames);
        String first = output(seenFrames);

        service.restart();

        try (SocketClient after = view("?since=" + seen)) {
            await().until(() -> output(after).contains("tick 30"));
            type(after, "echo again=$$; exit\n");
            await().until(() -> after.closed() == 1000);
            String all = first + output(after);
            assertThat(all).contains("tick 1\r\n", "tick 17\r\n");
            assertThat(number(all, "again=")).isEqualTo(number(all, "pid="));
        }
    }

    @Test
    void rawBytesSizesAndOddFrames() {
        try (SocketClient viewer = view("?rows=24&cols=80&binary=true")) {
            viewer.send("printf '\\377\\001x'; stty size\n".getBytes(StandardCharsets.UTF_8));
            await().untilAsserted(() -> assertThat(new String(viewer.bytes(), StandardCharsets.ISO_8859_1))
                    .contains("\u00ff\u0001x", "24 80"));

            viewer.send("{\"type\":\"resize\",\"data\":{\"rows\":33,\"cols\":111}}");
            viewer.send("{\"type\":\"resize\",\"data\":{\"rows\":0,\"cols\":111}}");
            viewer.send("nonsense");
            type(viewer, "stty size\n");

            await().untilAsserted(() -> assertThat(new String(viewer.bytes(), StandardCharsets.ISO_8859_1))
                    .contains("33 111"));
            assertThat(viewer.texts()).anyMatch(text -> text.contains("rows and cols from 1 to 1000"));
            assertThat(viewer.texts()).anyMatch(text -> text.contains("not JSON"));
            assertThat(viewer.closed()).isEqualTo(-1);
        }
    }

    @Test
    void itMayBeOpenedWhileTheSandboxStarts() {
        service.execute("UPDATE sandbox SET state = 'preparing' WHERE session_id = '" + session + "'");
        agent.stop();

        try (SocketClient viewer = view("")) {
            type(viewer, "echo early $((20 + 3))\n");
            await().during(Duration.ofMillis(500)).until(() -> viewer.closed() == -1);
            service.execute(
                    "UPDATE sandbox SET state = 'failed', reason = 'No room.' WHERE session_id = '" + session + "'");

            await().untilAsserted(() ->
                    assertThat(viewer.texts()).containsExactly("{\"type\":\"error\",\"data\":\"No room.\"}"));
            await().until(() -> viewer.closed() == 1001);
        }
    }

    @Test
    void itsHistoryCanBeReadWhenTheSandboxStandsStill() throws Exception {
        try (SocketClient viewer = view("?since=0")) {
            type(viewer, "echo remembered $((40 + 2)); exit 5\n");
            await().until(() -> viewer.closed() == 1000);
        }
        assertThat(get(MEMBER, path + "/status").body())
                .contains("\"status\":\"running\"", "\"shell\":\"exited\"", "\"exitCode\":5");
        get(MEMBER, path + "/history");
        agent.stop();
        service.execute("UPDATE sandbox SET state = 'stopped', reason = 'idle' WHERE session_id = '" + session + "'");

        String history = get(MEMBER, path + "/history?limit=200").body();

        assertThat(history)
                .contains("remembered 42", "\"entryType\":\"exited\"", "\"exitCode\":5", "\"nextCursor\":null");
        assertThat(get(MEMBER, path + "/status").body()).contains("\"status\":\"stopped\"");
        String newest = get(MEMBER, path + "/history?limit=1").body();
        assertThat(newest).contains("\"entryType\":\"exited\"").doesNotContain("\"nextCursor\":null");
        assertThat(get(MEMBER, path + "/history?cursor=xyz").statusCode()).isEqualTo(400);
        assertRefused(409, MEMBER);
    }

    @Test
    void nobodyElseGetsIn() throws Exception {
        assertRefused(404, STRANGER);
        assertThat(get(STRANGER, path.replace("/p1/", "/p2/") + "/status").statusCode())
                .isEqualTo(404);
        service.execute("DELETE FROM sandbox WHERE session_id = '" + session + "'");
        assertRefused(404, MEMBER);
    }

    private void assertRefused(int status, Caller caller) {
        assertThatThrownBy(() -> SocketClient.connect(service, caller, path + "/ws"))
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(status));
    }

    private SocketClient view(String query) {
        return SocketClient.connect(service, MEMBER, path + "/ws" + query);
    }

    private HttpResponse<String> get(Caller caller, String where) throws IOException, InterruptedException {
        return service.call(caller, "GET", where, "", HttpResponse.BodyHandlers.ofString());
    }

    private static void type(SocketClient viewer, String keys) {
        try {
            viewer.send(JSON.writeValueAsString(Map.of("type", "input", "data", keys)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String output(SocketClient viewer) {
        return output(viewer.texts());
    }

    private static String output(List<String> frames) {
        return frames.stream()
                .map(TerminalSocketTest::parse)
                .filter(frame -> frame.get("type").getStringValue().equals("output"))
                .map(frame -> frame.get("data").getStringValue())
                .collect(Collectors.joining());
    }

    private static long lastSeq(List<String> frames) {
        return parse(frames.getLast()).get("seq").getLongValue();
    }

    private static JsonNode parse(String frame) {
        try {
            return Objects.requireNonNull(JSON.readValue(frame, JsonNode.class));
        } catch (IOException e) {
            throw new IllegalStateException(frame, e);
        }
    }

    private static String number(String text, String after) {
        String rest = text.substring(text.lastIndexOf(after) + after.length());
        return rest.replaceAll("(?s)[^0-9].*", "");
    }
}
