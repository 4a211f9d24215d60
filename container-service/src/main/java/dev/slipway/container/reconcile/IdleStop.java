package dev.slipway.container.reconcile;

import dev.slipway.container.agent.AgentClient;
import dev.slipway.container.lifecycle.SandboxLifecycle;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.lifecycle.WantedSandbox;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.container.runtime.SandboxRuntime;
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
    private final SandboxSettings settings;

    IdleStop(
            SandboxStore store,
            SandboxLifecycle lifecycle,
            SandboxRuntime runtime,
            AgentClient agents,
            SandboxSettings settings) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.runtime = runtime;
        this.agents = agents;
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
            store.noteJournal(session, status.get().lastSeq(), status.get().turn() != null);
            if (store.findIdle(idle.toSeconds(), AT_ONCE).contains(session)) {
                store.find(session).ifPresent(this::stop);
            }
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
            runtime.stop(sandbox.sessionId(), sandbox.generation(), settings.stopGrace());
        }
    }
}
