package dev.slipway.contracts.mitm;

import io.micronaut.core.annotation.Creator;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session whose traffic the proxy is to carry; {@code allow} are host patterns beyond the proxy's own groups.
 *
 * @param credentialId if set, only rules of this credential are put on requests: a workspace's clone uses the one it was given
 */
@Serdeable
public record EgressSession(
        String projectId,
        String workspaceId,
        String userId,
        String agentType,
        long generation,
        List<String> allow,
        @Nullable String credentialId) {
    @Creator
    public EgressSession {
        allow = List.copyOf(allow);
    }

    /** A sandbox's session, which may use all that its project, user, workspace and agent may. */
    public EgressSession(
            String projectId,
            String workspaceId,
            String userId,
            String agentType,
            long generation,
            List<String> allow) {
        this(projectId, workspaceId, userId, agentType, generation, allow, null);
    }
}
