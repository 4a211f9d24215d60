package dev.slipway.mitm.session;

import dev.slipway.contracts.mitm.EgressSession;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session as it is stored; {@code allow} holds one host pattern a line. */
@MappedEntity("egress_session")
record SessionRow(
        @Id String sessionId,
        String projectId,
        String workspaceId,
        String userId,
        String agentType,
        long generation,
        String allow,
        @Nullable String credentialId) {
    static SessionRow of(String sessionId, EgressSession session) {
        return new SessionRow(
                sessionId,
                session.projectId(),
                session.workspaceId(),
                session.userId(),
                session.agentType(),
                session.generation(),
                String.join("\n", session.allow()),
                session.credentialId());
    }

    List<String> allowed() {
        return allow.lines().filter(line -> !line.isBlank()).toList();
    }
}
