package dev.slipway.contracts.mitm;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * A session whose traffic the proxy is to carry; {@code allow} are host patterns beyond the proxy's own groups.
 */
@Serdeable
public record EgressSession(
        String projectId, String workspaceId, String userId, String agentType, long generation, List<String> allow) {
    public EgressSession {
        allow = List.copyOf(allow);
    }
}
