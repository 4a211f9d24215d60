package dev.slipway.container.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox to be brought about.
 *
 * @param generation of the wish; a sandbox of a lower one is replaced, one of a higher fences this request off
 * @param imageId digest of an image that is on the engine
 * @param environment for the first process; holds no secret
 * @param mounts the session's directories on the engine's host
 * @param command instead of the image's own; empty for that one
 */
public record SandboxRequest(
        String sessionId,
        String projectId,
        long generation,
        String imageId,
        SandboxBounds bounds,
        Map<String, String> environment,
        Mounts mounts,
        List<String> command) {
    public SandboxRequest {
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
    }

    /** What the session's things are called. */
    public SandboxName name() {
        return new SandboxName(sessionId);
    }

    /**
     * Directories on the engine's host.
     *
     * @param egress read-only in the sandbox; holds the socket of mitm-proxy
     * @param agent writable in the sandbox; holds the socket of agent
     * @param authority read-only in the sandbox; the certificates to trust
     * @param data writable in the sandbox, its disk; null for a volume of the engine's own
     */
    public record Mounts(
            Path egress,
            Path agent,
            Path authority,
            @Nullable Path data) {
        /** Those of a session with a volume of the engine's own. */
        public Mounts(Path egress, Path agent, Path authority) {
            this(egress, agent, authority, null);
        }
    }
}
