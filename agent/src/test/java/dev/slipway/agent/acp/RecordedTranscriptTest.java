package dev.slipway.agent.acp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real agents wrote, recorded, and what the codec makes of it. */
class RecordedTranscriptTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keeps all it is told. */
    private static final class Recorder implements AcpPeer {
        private final List<JsonNode> notifications = new ArrayList<>();
        private final List<String> requests = new ArrayList<>();
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void notified(String method, JsonNode params) {
            notifications.add(params);
        }

        @Override
        public void asked(String method, JsonNode params, Reply reply) {
            requests.add(method);
            reply.result(JsonNodeFactory.instance.objectNode());
        }

        @Override
        public void ended() {
            end.countDown();
        }
    }

    private static List<JsonNode> saidByAgent(String name) throws IOException {
        List<JsonNode> said = new ArrayList<>();
        try (InputStream in = RecordedTranscriptTest.class.getResourceAsStream("/acp-transcripts/" + name + ".jsonl")) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode entry = JSON.readTree(line);
                if (entry.path("dir").asText().equals("<") && entry.path("msg").isObject()) {
                    said.add(entry.path("msg"));
                }
            }
        }
        return said;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude",
                "claude-tools",
                "codex",
                "codex-read-only",
                "gemini",
                "gemini-load",
                "opencode",
                "opencode-permission"
            })
    void everyUpdatePassesUntouchedInOrderAndEveryRequestIsAnswered(String name) throws Exception {
        List<JsonNode> said = saidByAgent(name);
        var stream = new StringBuilder();
        said.forEach(message -> stream.append(message).append('\n'));
        var answers = new ByteArrayOutputStream();
        var recorder = new Recorder();

        AcpConnection.start(
                new ByteArrayInputStream(stream.toString().getBytes(StandardCharsets.UTF_8)), answers, recorder);
        assertThat(recorder.end.await(10, TimeUnit.SECONDS)).isTrue();

        List<JsonNode> updates = said.stream()
                .filter(message -> message.has("method") && !message.has("id"))
                .map(message -> message.path("params"))
                .toList();
        List<JsonNode> requests = said.stream()
                .filter(message -> message.has("method") && message.has("id"))
                .toList();
        assertThat(recorder.notifications).isEqualTo(updates).isNotEmpty();
        assertThat(recorder.requests).hasSameSizeAs(requests);
        assertThat(answers.toString(StandardCharsets.UTF_8).lines().map(RecordedTranscriptTest::idOf))
                .isEqualTo(requests.stream().map(request -> request.path("id")).toList());
    }

    private static JsonNode idOf(String line) {
        try {
            return JSON.readTree(line).path("id");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anErrorKeepsItsCodeAndTellsTheDetailsThatTheMessageLeavesOut() throws Exception {
        var recorder = new Recorder();
        var asked = new CountDownLatch(1);
        // The first call's id is 1.
        InputStream answer = after(asked, """
                {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error","data":{"details":"No previous sessions"}}}
                """);
        var question = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] source, int offset, int length) {
                super.write(source, offset, length);
                asked.countDown();
            }
        };

        var connection = AcpConnection.start(answer, question, recorder);

        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        connection.call("session/load", JsonNodeFactory.instance.objectNode(), Duration.ofSeconds(5)))
                .isInstanceOfSatisfying(
                        AcpException.class, e -> assertThat(e.code()).isEqualTo(-32603))
                .hasMessage("Internal error: No previous sessions");
    }

    @Test
    void whatIsNoMessageIsSkippedAndAHugeLineDoesNotHideTheNextOne() throws Exception {
        var recorder = new Recorder();
        String lines = "hello\n\n[1]\n" + "x".repeat((16 << 20) + 70_000)
                + "\n{\"jsonrpc\":\"2.0\",\"method\":\"session/update\",\"params\":{\"n\":1}}\n";

        AcpConnection.start(
                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                new ByteArrayOutputStream(),
                recorder);

        assertThat(recorder.end.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.notifications.toString()).isEqualTo("[{\"n\":1}]");
    }

    @Test
    void aCallToAnAgentThatHasGoneFailsAtOnce() throws Exception {
        var recorder = new Recorder();
        var connection = AcpConnection.start(InputStream.nullInputStream(), new ByteArrayOutputStream(), recorder);
        assertThat(recorder.end.await(5, TimeUnit.SECONDS)).isTrue();

        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        connection.call("session/prompt", JsonNodeFactory.instance.objectNode(), Duration.ofSeconds(5)))
                .isInstanceOfSatisfying(
                        AcpException.class, e -> assertThat(e.code()).isEqualTo(AcpException.CONNECTION_ENDED));
    }

    private static InputStream after(CountDownLatch asked, String text) {
        return new InputStream() {
            private final ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));

            @Override
            public int read() {
                return in.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    if (!asked.await(10, TimeUnit.SECONDS)) {
                        throw new IOException("nothing was asked");
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return in.read(target, offset, length);
            }
        };
    }
}
