package dev.slipway.container.warm;

import dev.slipway.container.runtime.SandboxName;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox that was made ahead.
 *
 * @param state {@code making}, {@code ready}, {@code claimed} or {@code discarded}
 * @param cpus what it was made with; a session's own bounds come when it is taken
 * @param containerId null before it was made
 */
public record WarmSandbox(
        String id,
        String mold,
        String state,
        double cpus,
        long memoryBytes,
        int pids,
        @Nullable String containerId) {
    /** What its things are called until they are a session's. */
    public SandboxName name() {
        return new SandboxName(id);
    }
}
