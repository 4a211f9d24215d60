package dev.slipway.container.agent;

import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Finds the sandbox that a request is for, and says why if it cannot be used. */
@Singleton
public class ReadySandboxes {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration PREPARED_WITHIN = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final SandboxStore store;
    private final SessionsToCome sessions;

    ReadySandboxes(SandboxStore store, SessionsToCome sessions) {
        this.store = store;
        this.sessions = sessions;
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

    /** One of that project, whatever its state; 503 for a session whose sandbox nobody has asked for yet. */
    public WantedSandbox any(String project, String session) {
        Optional<WantedSandbox> found = store.find(session);
        if (found.isEmpty() && sessions.has(project, session)) {
            throw ProblemException.starting("The session is being prepared. Try again in a moment.", RETRY_AFTER);
        }
        return found.filter(sandbox -> sandbox.projectId().equals(project))
                .orElseThrow(() -> ProblemException.notFound("sandbox"));
    }

    /** As {@link #awake}, but waits for a session that is being prepared, up to a minute. */
    public WantedSandbox awaitAwake(String project, String session) {
        Instant end = Instant.now().plus(PREPARED_WITHIN);
        while (true) {
            try {
                return awake(project, session);
            } catch (ProblemException e) {
                if (e.status() != HttpStatus.SERVICE_UNAVAILABLE
                        || Instant.now().isAfter(end)) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(ProblemException why) {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }
}
