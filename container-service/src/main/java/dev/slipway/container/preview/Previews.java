package dev.slipway.container.preview;

import dev.slipway.container.agent.AgentAnswer;
import dev.slipway.container.agent.AgentCall;
import dev.slipway.container.agent.AgentLine;
import dev.slipway.container.agent.AgentTunnels;
import dev.slipway.container.agent.PortClosedException;
import dev.slipway.container.agent.ReadySandboxes;
import dev.slipway.container.lifecycle.SandboxStore;
import dev.slipway.container.runtime.SandboxName;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;

/** Connections to ports of sandboxes, and what to say when there is none. */
@Singleton
class Previews {
    private final ReadySandboxes sandboxes;
    private final AgentTunnels tunnels;
    private final SandboxStore store;

    Previews(ReadySandboxes sandboxes, AgentTunnels tunnels, SandboxStore store) {
        this.sandboxes = sandboxes;
        this.tunnels = tunnels;
        this.store = store;
    }

    /** A connection, to be closed. */
    AgentLine connect(String project, String session, int port, Duration silenceMax) {
        sandboxes.ready(project, session);
        try {
            AgentLine line = tunnels.open(new SandboxName(session), port, silenceMax);
            store.touch(session);
            return line;
        } catch (PortClosedException e) {
            throw ProblemException.of(
                    HttpStatus.BAD_GATEWAY,
                    "port-closed",
                    e.getMessage() + " Start the server there, or try again when it has started.");
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Asks over such a connection. */
    AgentAnswer ask(AgentLine line, AgentCall call) {
        try {
            return tunnels.send(line, call);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static ProblemException broken(IOException reason) {
        return ProblemException.of(
                HttpStatus.BAD_GATEWAY,
                "preview-broken",
                "The server in the sandbox broke off or does not speak HTTP: " + reason.getMessage());
    }
}
