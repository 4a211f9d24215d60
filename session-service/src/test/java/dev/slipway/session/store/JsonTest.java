package dev.slipway.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees of JSON read by hand are those that the mapper reads. */
class JsonTest {
    private static final ObjectMapper MAPPER = ObjectMapper.getDefault();
    private static final Argument<Map<String, Object>> OBJECT = Argument.mapOf(String.class, Object.class);

    private final Json json = new Json(MAPPER);

    private static List<String> lines(String recording) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                JsonTest.class.getResourceAsStream("/acp-transcripts/" + recording + ".jsonl"), recording)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude", "claude-tools", "codex", "gemini-load", "opencode-permission"})
    void whatAgentsSaidIsReadAsTheMapperReadsItAndKeptAsItCame(String recording) throws IOException {
        for (String line : lines(recording)) {
            Json.Parts parts = json.parts(line);

            assertThat(parts.values()).isEqualTo(MAPPER.readValue(line, OBJECT));
            assertThat(json.write(parts.values())).isEqualTo(MAPPER.writeValueAsString(MAPPER.readValue(line, OBJECT)));
            if (parts.values().get("msg") instanceof Map<?, ?> message) {
                String text = parts.texts().get("msg");
                assertThat(line).contains(text);
                assertThat(json.object(text)).isEqualTo(message);
            }
        }
    }

    @Test
    void numbersOfAllSizesTextOfAllScriptsAndNothingAtAllComeThrough() throws IOException {
        String text =
                "{\"a\":1,\"b\":2147483648,\"c\":92233720368547758080,\"d\":0.1,\"e\":-1e3,\"f\":null,\"g\":[],\"h\":{},"
                        + "\"i\":\"\\u0000 \\\" ü🚀\",\"j\":[true,false,{\"k\":[null]}]}";

        assertThat(json.object(text)).isEqualTo(MAPPER.readValue(text, OBJECT));
        assertThat(json.parts(text).texts()).containsExactly(Map.entry("h", "{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{\"a\":", "", "{\"a\" 1}", "null"})
    void whatIsNoObjectIsRefused(String text) {
        assertThatThrownBy(() -> json.object(text)).isInstanceOf(java.io.UncheckedIOException.class);
    }
}
