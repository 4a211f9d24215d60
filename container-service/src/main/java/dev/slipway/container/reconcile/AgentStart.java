package dev.slipway.container.reconcile;

import dev.slipway.container.agent.AgentCall;
import dev.slipway.container.agent.AgentClient;
import dev.slipway.container.agent.AgentSetup;
import dev.slipway.container.lifecycle.SandboxState;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.Sandbox;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.contracts.agent.AgentSession;
import dev.slipway.contracts.agent.AgentStatus;
import dev.slipway.contracts.agent.Author;
import dev.slipway.contracts.session.SandboxSpec;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Gives the agent in a running sandbox its session and waits until it is ready, looking whether it still lives. */
@Singleton
class AgentStart {
    /** Often at first, since most are ready soon; the longer it takes, the less a moment more matters. */
    private static final Duration LOOK_MIN = Duration.ofMillis(8);

    private static final Duration LOOK_MAX = Duration.ofMillis(150);
    private static final int LOOKS_PER_WAIT = 12;
    private static final Duration SETUP_MAX = Duration.ofMinutes(8);
    private static final int MESSAGE_MAX = 200;
    /** The container and the wish are looked at only now and then: the engine and the database have other work. */
    private static final Duration CHECK_EVERY = Duration.ofMillis(500);

    private final AgentClient agents;
    private final SandboxRuntime runtime;
    private final Deaths deaths;

    AgentStart(AgentClient agents, SandboxRuntime runtime, Deaths deaths) {
        this.agents = agents;
        this.runtime = runtime;
        this.deaths = deaths;
    }

    /** Returns when the agent takes turns. */
    void run(WantedSandbox wanted, Sandbox sandbox, Steps steps) throws InterruptedException {
        SandboxName name = new SandboxName(wanted.sessionId());
        if (!sandbox.isRunning()) {
            requireAlive(sandbox);
        }
        steps.check();
        boolean begun = false;
        long start = System.nanoTime();
        long checked = start;
        while (true) {
            try {
                if (!begun) {
                    agents.begin(name, session(wanted));
                    begun = true;
                }
                if (isReady(agents.status(name), steps)) {
                    awaitSetup(name, sandbox, steps);
                    return;
                }
            } catch (IOException _) {
                // Not listening yet, or away for a moment. If it has died, the engine says so.
                begun = false;
            }
            checked = checkNowAndThen(sandbox, steps, checked);
            Thread.sleep(pause(System.nanoTime() - start));
        }
    }

    /** When it was last looked whether the sandbox lives and is still wanted; looks again if that is too long ago. */
    private long checkNowAndThen(Sandbox sandbox, Steps steps, long checked) {
        long now = System.nanoTime();
        if (now - checked <= CHECK_EVERY.toNanos()) {
            return checked;
        }
        steps.check();
        requireAlive(sandbox);
        return now;
    }

    /** A twelfth of the time that has gone by, so that what is waited for is seen at most so much later. */
    private static Duration pause(long waitedNanos) {
        Duration share = Duration.ofNanos(waitedNanos / LOOKS_PER_WAIT);
        return share.compareTo(LOOK_MIN) < 0 ? LOOK_MIN : share.compareTo(LOOK_MAX) > 0 ? LOOK_MAX : share;
    }

    /** What the repository wants done once comes before the first turn; it may fail, and may not keep anybody waiting for ever. */
    private void awaitSetup(SandboxName name, Sandbox sandbox, Steps steps) throws InterruptedException {
        long start = System.nanoTime();
        long checked = start;
        while (System.nanoTime() - start < SETUP_MAX.toNanos()) {
            AgentSetup setup;
            try {
                setup = agents.ask(name, AgentCall.get("/hooks/status"), AgentSetup.class);
            } catch (IOException _) {
                return; // an agent of an older image runs no hooks
            }
            if (setup.settled()) {
                return;
            }
            if (setup.running() != null) {
                String said = setup.lastLine() == null ? "" : ": " + setup.lastLine();
                String message = "running hook " + setup.running() + said;
                steps.at("starting_agent", null, message.substring(0, Math.min(MESSAGE_MAX, message.length())));
            }
            checked = checkNowAndThen(sandbox, steps, checked);
            Thread.sleep(pause(System.nanoTime() - start));
        }
    }

    private static boolean isReady(AgentStatus status, Steps steps) {
        String message = status.message();
        switch (status.phase()) {
            case "ready" -> {
                return true;
            }
            case "cloning" ->
                steps.at("cloning", status.progress(), message == null ? "cloning the repository" : message);
            case "starting" ->
                steps.at("starting_agent", status.progress(), message == null ? "starting the agent" : message);
            case "failed" ->
                throw new SandboxBrokenException(new SandboxState.Failed(
                        message == null ? "The agent in the sandbox failed to start." : message, null, false));
            default -> {
                // "empty": it has not begun yet.
            }
        }
        return false;
    }

    private void requireAlive(Sandbox made) {
        Optional<Sandbox> present = runtime.inspect(made.sessionId());
        if (present.isEmpty() || !present.get().containerId().equals(made.containerId())) {
            throw new SandboxBrokenException(
                    new SandboxState.Failed("The sandbox was removed from the container engine.", null, false));
        }
        if (present.get().state() instanceof Sandbox.State.Exited exited) {
            throw new SandboxBrokenException(deaths.describe(present.get(), exited));
        }
    }

    private static AgentSession session(WantedSandbox wanted) {
        SandboxSpec spec = wanted.need();
        return new AgentSession(
                wanted.sessionId(),
                wanted.projectId(),
                "http://workspace.slipway.internal/" + wanted.sessionId() + ".git",
                spec.branch(),
                spec.baseCommit(),
                new Author(spec.authorName(), spec.authorEmail()),
                spec.agent());
    }
}
