package dev.slipway.container.terminal;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a session's terminal.
 *
 * @param id its position and kind; unique in the session
 * @param seq the position behind it, as in the WebSocket's frames
 * @param entryType {@code output}, {@code started} or {@code exited}
 */
@Serdeable
record TerminalEntry(
        String id,
        String sessionId,
        long seq,
        String entryType,
        String content,
        @Nullable Integer exitCode,
        Instant createdAt) {}
