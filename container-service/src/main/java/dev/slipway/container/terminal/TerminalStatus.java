package dev.slipway.container.terminal;

import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.WantedSandbox;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a session's terminal is.
 *
 * @param status of the sandbox: {@code created} while it starts, {@code running}, {@code stopped}, {@code failed} or
 *     {@code not_created}
 * @param shell {@code running}, {@code exited} or {@code none}; null where the sandbox does not run
 * @param seq the position behind all output
 */
@Serdeable
record TerminalStatus(
        String status,
        @Nullable String image,
        @Nullable String error,
        @Nullable String shell,
        @Nullable Long seq,
        @Nullable Integer rows,
        @Nullable Integer cols,
        @Nullable Integer exitCode,
        Instant lastActivityAt) {

    static TerminalStatus of(WantedSandbox sandbox, Map<?, ?> shell) {
        return switch (sandbox.state()) {
            case SandboxState.Preparing _ -> of(sandbox, "created", null, null, shell);
            case SandboxState.Ready ready -> of(sandbox, "running", ready.image(), null, shell);
            case SandboxState.Stopping _, SandboxState.Stopped _ -> of(sandbox, "stopped", null, null, shell);
            case SandboxState.Failed failed -> of(sandbox, "failed", null, failed.reason(), shell);
            case SandboxState.Removing _, SandboxState.Removed _ -> of(sandbox, "not_created", null, null, shell);
        };
    }

    private static TerminalStatus of(
            WantedSandbox sandbox, String status, @Nullable String image, @Nullable String error, Map<?, ?> shell) {
        return new TerminalStatus(
                status,
                image,
                error,
                shell.get("status") instanceof String text ? text : null,
                shell.get("seq") instanceof Number number ? Long.valueOf(number.longValue()) : null,
                integer(shell.get("rows")),
                integer(shell.get("columns")),
                integer(shell.get("exitCode")),
                sandbox.lastActivity());
    }

    private static @Nullable Integer integer(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : null;
    }
}
