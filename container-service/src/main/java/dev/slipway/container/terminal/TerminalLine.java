package dev.slipway.container.terminal;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One line of agent's {@code GET /terminal/output}: a piece of output, or an event between two of them.
 *
 * @param seq the position behind it
 * @param data output in base64
 * @param event {@code position}, {@code started} or {@code exited}
 * @param exitCode of the shell; null where the sandbox was stopped under it
 */
@Serdeable
record TerminalLine(
        long seq,
        @Nullable String data,
        @Nullable String event,
        @Nullable Integer exitCode,
        @Nullable Instant time) {
    /** The output; empty for an event. */
    byte[] bytes() {
        return data == null ? new byte[0] : Base64.getDecoder().decode(data);
    }
}
