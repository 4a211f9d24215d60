package dev.slipway.session.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines of a sandbox's journal are read up to a limit. */
@Timeout(20)
class LineLimitTest {
    @Test
    void linesUpToTheLimitPass() throws IOException {
        String text = "a".repeat(10) + "\n\n" + "b".repeat(10) + "\r\n".repeat(3) + "c";

        try (var lines = new BufferedReader(new LineLimit(new StringReader(text), 11))) {
            assertThat(lines.lines()).containsExactly("a".repeat(10), "", "b".repeat(10), "", "", "c");
        }
    }

    @Test
    void aLongerOneEndsTheReading() throws IOException {
        try (var lines = new BufferedReader(new LineLimit(new StringReader("ok\n" + "a".repeat(20_000)), 12_000))) {
            assertThatThrownBy(() -> {
                        lines.readLine();
                        lines.readLine();
                    })
                    .isInstanceOf(LineLimit.TooLongException.class)
                    .hasMessageContaining("12000");
        }
    }

    @Test
    void oneThatNeverEndsTakesNoMoreThanTheLimit() throws IOException {
        Reader endless = new Reader() {
            @Override
            public int read(char[] into, int offset, int length) {
                Arrays.fill(into, offset, offset + length, 'x');
                return length;
            }

            @Override
            public void close() {}
        };

        try (var lines = new BufferedReader(new LineLimit(endless, 1 << 20))) {
            assertThatThrownBy(lines::readLine).isInstanceOf(LineLimit.TooLongException.class);
        }
    }
}
