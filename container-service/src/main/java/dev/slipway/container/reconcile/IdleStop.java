package dev.slipway.container.reconcile;

import dev.slipway.container.agent.AgentActivity;
import dev.slipway.container.agent.AgentCall;
import dev.slipway.container.agent.AgentClient;
import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
import dev.slipway.container.terminal.TerminalHistory;
import dev.slipway.contracts.agent.AgentStatus;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops sandboxes that nobody has used for their idle time. Use is what is written down: requests that passed here, and
 * movement of the agent's journal between two looks. An agent that is in a turn, or cannot be asked, is left alone.
 */
@Singleton
class IdleStop {
    private static final Logger LOG = LoggerFactory.getLogger(IdleStop.class);
    private static final int AT_ONCE = 100;
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final SandboxStore store;
    private final SandboxLifecycle lifecycle;
    private final SandboxRuntime runtime;
    private final AgentClient agents;
    private final TerminalHistory history;
    private final SandboxSettings settings;

    IdleStop(
            SandboxStore store,
            SandboxLifecycle lifecycle,
            SandboxRuntime runtime,
            AgentClient agents,
            TerminalHistory history,
            SandboxSettings settings) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.runtime = runtime;
        this.agents = agents;
        this.history = history;
        this.settings = settings;
    }

    /** One pass. A sandbox whose journal has moved since the last pass is in use, so a long turn's end starts its time anew. */
    void run() {
        Duration idle = settings.idleTimeout().isZero() ? FOREVER : settings.idleTimeout();
        List<String> candidates = store.findIdle(idle.toSeconds(), AT_ONCE);
        for (String session : candidates) {
            Optional<AgentStatus> status = ask(session);
            if (status.isEmpty()) {
                continue;
            }
            AgentActivity activity = activity(session);
            // Output of a terminal is use like an entry of the journal; what runs or is connected now is use like a
            // turn.
            store.noteJournal(
                    session,
                    status.get().lastSeq() + activity.terminal(),
                    status.get().turn() != null || activity.commands() > 0 || activity.connections() > 0);
            if (store.findIdle(idle.toSeconds(), AT_ONCE).contains(session)) {
                store.find(session).ifPresent(this::stop);
            }
        }
    }

    private AgentActivity activity(String session) {
        try {
            return agents.ask(new SandboxName(session), AgentCall.get("/activity"), AgentActivity.class);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("an agent of an older image tells nothing of terminals");
            return new AgentActivity(0, 0, 0);
        }
    }

    private Optional<AgentStatus> ask(String session) {
        try {
            return Optional.of(agents.status(new SandboxName(session)));
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("sessionId", session)
                    .addKeyValue("reason", e.toString())
                    .log("idle sandbox's agent does not answer; left alone");
            return Optional.empty();
        }
    }

    /** First the row: a turn that comes now is refused and resumes the session, instead of being cut off. */
    private void stop(WantedSandbox sandbox) {
        if (lifecycle.idle(sandbox)) {
            LOG.atInfo().addKeyValue("sessionId", sandbox.sessionId()).log("idle sandbox stops");
            history.copyQuietly(new SandboxName(sandbox.sessionId()));
            runtime.stop(sandbox.sessionId(), sandbox.generation(), settings.stopGrace());
        }
    }
}
