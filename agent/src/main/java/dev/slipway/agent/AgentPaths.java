package dev.slipway.agent;

import java.nio.file.Path;

/**
 * Where everything lies, as {@code docs/CONTRACTS.md} section 6 has it.
 *
 * @param data the session's volume
 * @param run where the sockets and the certificates are mounted
 */
public record AgentPaths(Path data, Path run, Path warmHome) {

    /** Those of a real sandbox. */
    public static AgentPaths ofSandbox() {
        return new AgentPaths(Path.of("/data"), Path.of("/run/slipway"), Path.of("/opt/slipway/home"));
    }

    public Path journal() {
        return data.resolve("journal");
    }

    public Path workspace() {
        return data.resolve("workspace");
    }

    public Path home() {
        return data.resolve("home");
    }

    public Path sessionFile() {
        return data.resolve("session.json");
    }

    /** What this program has to remember besides the journal: the agent's own session id. */
    public Path stateFile() {
        return data.resolve("state.json");
    }

    /** What hooks and services of the repository wrote. */
    public Path scripts() {
        return data.resolve("scripts");
    }

    public Path agentSocket() {
        return run.resolve("agent/agent.sock");
    }

    public Path egressSocket() {
        return run.resolve("egress/egress.sock");
    }

    public Path caFile() {
        return run.resolve("ca/ca.pem");
    }

    public Path bundleFile() {
        return run.resolve("ca/bundle.pem");
    }
}
