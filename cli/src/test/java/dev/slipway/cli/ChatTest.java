package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.FakeGateway.Run;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An answer as it appears on a terminal, whole also when the connection was not. */
class ChatTest {
    private static final String CHAT = "POST /api/projects/local/chat";
    private static final String RESUME = "GET /api/projects/local/chat/s1/stream";

    @SuppressWarnings("NullAway.Init")
    private FakeGateway gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new FakeGateway();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void textComesAsItIsAndToolsAsOneLineEach() {
        gateway.stream(CHAT, """
                id: t:1
                data: {"type":"start"}

                : heartbeat

                id: t:2
                data: {"type":"text-delta","id":"1","delta":"I will write"}

                id: t:3
                data: {"type":"text-delta","id":"1","delta":" a file."}

                id: t:4
                data: {"type":"tool-input-available","toolName":"write","input":{"path":"a.txt"}}

                id: t:5
                data: {"type":"finish"}

                data: [DONE]

                """, false);

        Run run = gateway.run("chat", "s1", "write a file");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("I will write a file.\n→ write {\"path\":\"a.txt\"}\n");
        assertThat(gateway.requests.getFirst())
                .contains("\"id\":\"s1\"")
                .contains("\"role\":\"user\"")
                .contains("{\"type\":\"text\",\"text\":\"write a file\"}");
    }

    @Test
    void aBrokenConnectionGoesOnWhereItBroke() {
        gateway.stream(CHAT, "id: t:1\ndata: {\"type\":\"text-delta\",\"delta\":\"one \"}\n\n", true);
        gateway.stream(RESUME, "id: t:2\ndata: {\"type\":\"text-delta\",\"delta\":\"two\"}\n\ndata: [DONE]\n\n", false);

        Run run = gateway.run("chat", "s1", "count");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("one two");
        assertThat(gateway.requests.getLast()).isEqualTo(RESUME + " t:1");
    }

    @Test
    void aFailedTurnIsAnErrorForAScriptToo() {
        gateway.stream(
                CHAT,
                "data: {\"type\":\"error\",\"errorText\":\"the model refused the key\"}\n\ndata: [DONE]\n\n",
                false);

        Run run = gateway.run("chat", "s1", "hello");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("the model refused the key");
    }
}
