package dev.slipway.container.agent;

import dev.slipway.container.runtime.SandboxName;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Connections to ports in a sandbox, through its agent's socket: a sandbox has no network by which to reach them. */
@Singleton
public class AgentTunnels {
    private static final int SWITCHING = 101;

    private final AgentSockets sockets;

    AgentTunnels(AgentSockets sockets) {
        this.sockets = sockets;
    }

    /**
     * A connection to that port, to be closed.
     *
     * @param silenceMax how long nothing may come or go
     * @throws PortClosedException if nothing listens there
     * @throws IOException if the agent does not answer
     */
    public AgentLine open(SandboxName name, int port, Duration silenceMax) throws IOException {
        AgentLine line = new AgentLine(sockets.connect(name), silenceMax);
        try {
            String request =
                    "GET /ports/" + port + " HTTP/1.1\r\nHost: agent\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
            line.output().write(request.getBytes(StandardCharsets.US_ASCII));
            int status = AgentHead.readOne(line.input()).status();
            if (status == SWITCHING) {
                return line;
            }
            if (status == 502 || status == 404) {
                throw new PortClosedException(port);
            }
            throw new IOException("port " + port + ": the agent answered " + status);
        } catch (IOException | RuntimeException e) {
            line.close();
            throw e;
        }
    }

    /** Sends a request over such a connection, which ends with the answer. */
    public AgentAnswer send(AgentLine line, AgentCall call) throws IOException {
        return AgentExchange.send(line, call);
    }
}
