package dev.slipway.agent.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output may be cut between sequences and characters, and nowhere else. */
class EscapeScannerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[1;31m",
                "\u001b[?2004h",
                "\u001b(B",
                "\u001b]0;a title\u0007",
                "\u001b]8;;http://example.org\u001b\\",
                "\u001bP1$r0m\u001b\\",
                "\u001b7",
                "é",
                "€",
                "🛥"
            })
    void aSequenceIsNotCut(String sequence) {
        byte[] bytes = sequence.getBytes(StandardCharsets.UTF_8);
        EscapeScanner scanner = new EscapeScanner();

        boolean[] mayBeCut = new boolean[bytes.length];
        IntStream.range(0, bytes.length).forEach(at -> mayBeCut[at] = scanner.accept(bytes[at]));

        assertThat(mayBeCut[bytes.length - 1]).isTrue();
        assertThat(IntStream.range(0, bytes.length - 1).noneMatch(at -> mayBeCut[at]))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "\r\n", "\u007f", "\u001b[3\u0018x", "\u001b]0;half\u001b[0mx"})
    void behindWhatIsWholeOrBrokenOffItMayBeCut(String text) {
        EscapeScanner scanner = new EscapeScanner();
        boolean last = false;

        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            last = scanner.accept(next);
        }

        assertThat(last).isTrue();
    }
}
