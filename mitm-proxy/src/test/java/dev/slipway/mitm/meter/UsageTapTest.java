package dev.slipway.mitm.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.contracts.mitm.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Tokens read from answers in the shapes that the providers document, in pieces of every size. */
@NullMarked
class UsageTapTest {
    private static final String ANTHROPIC = """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","model":"claude-sonnet-4-5","usage":{"input_tokens":25,"cache_creation_input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"\\"usage\\":{\\"output_tokens\\":99999}"}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private static final PriceTable NO_PRICES = new PriceTable(List.of());

    private static final String OPENAI = """
            data: {"type":"response.created","response":{"model":"gpt-5","usage":null}}

            data: {"type":"response.completed","response":{"model":"gpt-5","usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":3},"output_tokens":11,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":18}}}

            data: [DONE]

            """;

    @Test
    void aStreamOfAnthropicIsCountedInPiecesOfEverySize() {
        for (int size = 1; size < 120; size++) {
            assertThat(read(UsageTap.ofEvents(), ANTHROPIC, size)).isEqualTo(new Usage("claude-sonnet-4-5", 40, 15));
        }
        assertThat(read(UsageTap.ofEvents(), ANTHROPIC.replace("\n", "\r\n"), 50))
                .isEqualTo(new Usage("claude-sonnet-4-5", 40, 15));
    }

    @Test
    void aStreamOfOpenAiIsCounted() {
        assertThat(read(UsageTap.ofEvents(), OPENAI, 33)).isEqualTo(new Usage("gpt-5", 7, 11));
    }

    @Test
    void jsonAnswersAreCounted() {
        assertThat(read(
                        UsageTap.ofJson(),
                        "{\"model\":\"gpt-5\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}",
                        7))
                .isEqualTo(new Usage("gpt-5", 3, 4));
        assertThat(read(
                        UsageTap.ofJson(),
                        "[{\"modelVersion\":\"gemini-2.5-pro\",\"usageMetadata\":{\"promptTokenCount\":8,\"candidatesTokenCount\":2,\"thoughtsTokenCount\":5}}]",
                        9))
                .isEqualTo(new Usage("gemini-2.5-pro", 8, 7));
    }

    @Test
    void anAnswerWithoutUsageOrWithoutSenseCountsNothing() {
        UsageTap tap = UsageTap.ofJson();
        tap.look(bytes("{\"error\":{\"message\":\"no\"}}"));
        assertThat(tap.counted()).isEmpty();

        UsageTap broken = UsageTap.ofEvents();
        broken.look(bytes("data: {\"usage\":{\"input_tokens\":]\n\ndata: }\n\n" + "[".repeat(100_000)));
        assertThat(broken.counted()).isEmpty();
    }

    /** 20,000 answers in each run, of a fixed seed: bytes changed, cut, in pieces of any size. */
    @Test
    void noAnswerBreaksTheTapAndItsPiecesDoNotMatter() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = (random.nextBoolean() ? ANTHROPIC : OPENAI).getBytes(StandardCharsets.UTF_8);
            for (int changes = random.nextInt(6); changes > 0; changes--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(body.length) : body.length;
            boolean events = random.nextInt(4) > 0;
            UsageTap whole = events ? UsageTap.ofEvents() : UsageTap.ofJson();
            UsageTap pieces = events ? UsageTap.ofEvents() : UsageTap.ofJson();

            whole.look(Unpooled.wrappedBuffer(body, 0, length));
            for (int at = 0; at < length; ) {
                int size = Math.min(length - at, 1 + random.nextInt(60));
                pieces.look(Unpooled.wrappedBuffer(body, at, size));
                at += size;
            }

            assertThat(pieces.counted()).isEqualTo(whole.counted());
        }
    }

    private static Usage read(UsageTap tap, String text, int size) {
        for (int at = 0; at < text.length(); at += size) {
            ByteBuf piece = bytes(text.substring(at, Math.min(text.length(), at + size)));
            tap.look(piece);
            assertThat(piece.readerIndex()).isZero();
        }
        return tap.counted().orElseThrow().usage(NO_PRICES);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
