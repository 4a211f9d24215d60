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
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration SETUP_LOOK_EVERY = Duration.ofMillis(300);
    private static final Duration SETUP_MAX = Duration.ofMinutes(8);
    private static final int MESSAGE_MAX = 200;
    /** The container is looked at only now and then: the engine has other work. */
    private static final int LOOKS_PER_INSPECT = 10;

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
        requireAlive(sandbox);
        boolean begun = false;
        for (int look = 1; ; look++) {
            steps.check();
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
            if (look % LOOKS_PER_INSPECT == 0) {
                requireAlive(sandbox);
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /** What the repository wants done once comes before the first turn; it may fail, and may not keep anybody waiting for ever. */
    private void awaitSetup(SandboxName name, Sandbox sandbox, Steps steps) throws InterruptedException {
        long until = System.nanoTime() + SETUP_MAX.toNanos();
        while (System.nanoTime() < until) {
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
            steps.check();
            requireAlive(sandbox);
            Thread.sleep(SETUP_LOOK_EVERY);
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
