package dev.slipway.contracts.session;

import io.micronaut.serde.annotation.Serdeable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that container-service needs to make a session's sandbox.
 */
@Serdeable
public record SandboxSpec(
        @Nullable String image,
        AgentSpec agent,
        String branch,
        String baseCommit,
        SandboxLimits limits,
        Map<String, String> env,
        String userId,
        String authorName,
        String authorEmail) {
    public SandboxSpec {
        env = Map.copyOf(env);
    }
}
