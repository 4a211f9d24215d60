package dev.slipway.container.lifecycle;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A sandbox as other services see it. */
@Serdeable
record SandboxView(
        String sessionId,
        String projectId,
        long generation,
        String desired,
        String state,
        @Nullable String phase,
        @Nullable Integer progress,
        @Nullable String message,
        @Nullable String sandboxId,
        @Nullable String image,
        @Nullable String imageDigest,
        @Nullable Integer exitCode,
        @Nullable Boolean outOfMemory,
        Instant lastActivityAt,
        @Nullable UsageView usage) {

    static SandboxView of(WantedSandbox sandbox, @Nullable UsageView usage) {
        return switch (sandbox.state()) {
            case SandboxState.Preparing(String phase, Integer progress, String message) ->
                view(sandbox, usage, phase, progress, message, null, null);
            case SandboxState.Ready ready -> view(sandbox, usage, null, null, null, ready, null);
            case SandboxState.Stopped(String reason) -> view(sandbox, usage, null, null, reason, null, null);
            case SandboxState.Failed failed -> view(sandbox, usage, null, null, failed.reason(), null, failed);
            case SandboxState.Stopping _, SandboxState.Removing _, SandboxState.Removed _ ->
                view(sandbox, usage, null, null, null, null, null);
        };
    }

    private static SandboxView view(
            WantedSandbox sandbox,
            @Nullable UsageView usage,
            @Nullable String phase,
            @Nullable Integer progress,
            @Nullable String message,
            SandboxState.@Nullable Ready ready,
            SandboxState.@Nullable Failed failed) {
        return new SandboxView(
                sandbox.sessionId(),
                sandbox.projectId(),
                sandbox.generation(),
                sandbox.desired().name().toLowerCase(java.util.Locale.ROOT),
                sandbox.state().word(),
                phase,
                progress,
                message,
                ready == null ? null : ready.containerId(),
                ready == null ? null : ready.image(),
                ready == null ? null : ready.imageDigest(),
                failed == null ? null : failed.exitCode(),
                failed == null ? null : failed.outOfMemory(),
                sandbox.lastActivity(),
                usage);
    }
}
