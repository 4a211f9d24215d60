package dev.slipway.container.terminal;

import dev.slipway.container.agent.AgentAnswer;
import io.micronaut.serde.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads agent's terminal output line by line. An agent is not trusted, so a line has a limit. */
final class TerminalLines implements AutoCloseable {
    private static final int LINE_BYTES_MAX = 1024 * 1024;
    private static final int BUFFER_BYTES = 32 * 1024;

    private final AgentAnswer answer;
    private final InputStream in;
    private final ObjectMapper json;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int until;

    TerminalLines(AgentAnswer answer, ObjectMapper json) {
        this.answer = answer;
        this.in = answer.body();
        this.json = json;
    }

    /** What a read gave: a line, a sign of life, or the end. */
    record Next(@Nullable TerminalLine line, boolean ended) {}

    /**
     * Waits for the next line. A line without anything is a sign of life.
     *
     * @throws IOException if the agent broke off or wrote something odd
     */
    Next next() throws IOException {
        Optional<byte[]> line = readLine();
        if (line.isEmpty()) {
            return new Next(null, true);
        }
        return new Next(line.get().length == 0 ? null : json.readValue(line.get(), TerminalLine.class), false);
    }

    private Optional<byte[]> readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            for (int at = from; at < until; at++) {
                if (buffer[at] == '\n') {
                    line.write(buffer, from, at - from);
                    from = at + 1;
                    return Optional.of(line.toByteArray());
                }
            }
            line.write(buffer, from, until - from);
            if (line.size() > LINE_BYTES_MAX) {
                throw new IOException("a line of terminal output is longer than " + LINE_BYTES_MAX + " bytes");
            }
            from = 0;
            until = Math.max(0, in.read(buffer, 0, buffer.length));
            if (until == 0) {
                return line.size() == 0
                        ? Optional.empty()
                        : Optional.of(Arrays.copyOf(line.toByteArray(), line.size()));
            }
        }
    }

    @Override
    public void close() {
        answer.close();
    }
}
