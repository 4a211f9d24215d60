package dev.slipway.container.reconcile;

import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far one sandbox is, at most once a second within a phase, and ends the work when the wish is superseded or its
 * time is over.
 */
final class Steps {
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    private final WantedSandbox sandbox;
    private final SandboxLifecycle lifecycle;
    private final SandboxStore store;
    private final Clock clock;
    private final Instant deadline;
    private SandboxState.@Nullable Preparing last;
    private Instant lastAt = Instant.MIN;

    Steps(WantedSandbox sandbox, SandboxLifecycle lifecycle, SandboxStore store, Clock clock, Duration readyWithin) {
        this.sandbox = sandbox;
        this.lifecycle = lifecycle;
        this.store = store;
        this.clock = clock;
        this.deadline = sandbox.wantedAt().plus(readyWithin);
    }

    /** Says that a step has begun or is this far. */
    void at(String phase, @Nullable Integer percent, String message) {
        SandboxState.Preparing step = new SandboxState.Preparing(phase, percent, message);
        if (step.equals(last)) {
            return;
        }
        boolean samePhase = last != null && Objects.equals(last.phase(), phase);
        Instant now = clock.instant();
        if (samePhase && now.isBefore(lastAt.plus(AT_MOST_EVERY))) {
            return;
        }
        last = step;
        lastAt = now;
        if (!lifecycle.progress(sandbox, step)) {
            throw new SupersededException(sandbox.sessionId(), sandbox.generation());
        }
    }

    /** Before each thing that takes long or changes the engine. */
    void check() {
        if (!store.isPreparing(sandbox.sessionId(), sandbox.generation())) {
            throw new SupersededException(sandbox.sessionId(), sandbox.generation());
        }
        if (clock.instant().isAfter(deadline)) {
            String doing = last == null ? "" : " It was at: " + last.message() + ".";
            throw new SandboxBrokenException(
                    new SandboxState.Failed("The sandbox did not become ready in time." + doing, null, false));
        }
    }
}
