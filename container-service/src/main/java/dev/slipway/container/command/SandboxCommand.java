package dev.slipway.container.command;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * A command to be run.
 *
 * @param cmd a program and its arguments, as a shell would split them
 * @param cwd a folder of the work tree; null for its root
 * @param timeoutMs in milliseconds; null for the default
 */
@Serdeable
record SandboxCommand(
        @Nullable String cmd,
        @Nullable String cwd,
        @Nullable Long timeoutMs) {}
