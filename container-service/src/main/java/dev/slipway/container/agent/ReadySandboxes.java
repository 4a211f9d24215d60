package dev.slipway.container.agent;

import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Finds the sandbox that a request is for, and says why if it cannot be used. */
@Singleton
public class ReadySandboxes {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final SandboxStore store;

    ReadySandboxes(SandboxStore store) {
        this.store = store;
    }

    /** One whose agent takes requests. */
    public WantedSandbox ready(String project, String session) {
        WantedSandbox sandbox = awake(project, session);
        if (sandbox.state() instanceof SandboxState.Preparing) {
            throw ProblemException.starting("The sandbox is starting. Try again in a moment.", RETRY_AFTER);
        }
        return sandbox;
    }

    /** One that is ready or on its way to it. */
    public WantedSandbox awake(String project, String session) {
        WantedSandbox sandbox = any(project, session);
        return switch (sandbox.state()) {
            case SandboxState.Ready _, SandboxState.Preparing _ -> sandbox;
            case SandboxState.Stopping _, SandboxState.Stopped _ ->
                throw ProblemException.conflict("sandbox-stopped", "The sandbox is stopped. Resume the session first.");
            case SandboxState.Failed failed ->
                throw ProblemException.of(HttpStatus.BAD_GATEWAY, "sandbox-failed", failed.reason());
            case SandboxState.Removing _, SandboxState.Removed _ -> throw ProblemException.notFound("sandbox");
        };
    }

    /** One of that project, whatever its state. */
    public WantedSandbox any(String project, String session) {
        return store.find(session)
                .filter(found -> found.projectId().equals(project))
                .orElseThrow(() -> ProblemException.notFound("sandbox"));
    }
}
