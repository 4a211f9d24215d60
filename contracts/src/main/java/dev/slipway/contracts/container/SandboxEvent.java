package dev.slipway.contracts.container;

import dev.slipway.contracts.event.EventType;
import dev.slipway.contracts.event.LifecycleEvent;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** What became of sandboxes. {@code generation} is that of the wish which it answers. */
public sealed interface SandboxEvent extends LifecycleEvent {
    /** A step on the way to ready: {@code pulling_image}, {@code creating_sandbox}, {@code cloning} or {@code starting_agent}; progress in percent. */
    @Serdeable
    @EventType("sandbox.progress.v1")
    record SandboxProgress(
            String sessionId,
            long generation,
            String phase,
            @Nullable Integer progress,
            String message) implements SandboxEvent {}

    /** The agent in the sandbox takes turns. */
    @Serdeable
    @EventType("sandbox.ready.v1")
    record SandboxReady(String sessionId, long generation, String sandboxId, String image, String imageDigest)
            implements SandboxEvent {}

    /** The container is stopped, its volume kept; {@code reason} is {@code wanted}, {@code idle} or {@code shutdown}. */
    @Serdeable
    @EventType("sandbox.stopped.v1")
    record SandboxStopped(String sessionId, long generation, String reason) implements SandboxEvent {}

    /** The sandbox could not be made or died; {@code reason} is a sentence for the user. */
    @Serdeable
    @EventType("sandbox.failed.v1")
    record SandboxFailed(
            String sessionId,
            long generation,
            String reason,
            @Nullable Integer exitCode,
            boolean outOfMemory) implements SandboxEvent {}

    /** A newer image than the running one is there, or the warning is over ({@code newest} null). */
    @Serdeable
    @EventType("sandbox.image.outdated.v1")
    record SandboxImageOutdated(
            String sessionId, String imageDigest, @Nullable String newest) implements SandboxEvent {}

    /** Container, volume and sockets are gone. */
    @Serdeable
    @EventType("sandbox.removed.v1")
    record SandboxRemoved(String sessionId, long generation) implements SandboxEvent {}
}
