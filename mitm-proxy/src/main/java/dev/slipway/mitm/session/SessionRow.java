package dev.slipway.mitm.session;

import dev.slipway.contracts.mitm.EgressSession;
import dev.slipway.mitm.config.WorkspaceFile;
import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.List;
import java.util.Optional;
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
        @Nullable String credentialId,
        @Nullable String workspaceFile) {
    static SessionRow of(String sessionId, EgressSession session) {
        return new SessionRow(
                sessionId,
                session.projectId(),
                session.workspaceId(),
                session.userId(),
                session.agentType(),
                session.generation(),
                String.join("\n", session.allow()),
                session.credentialId(),
                null);
    }

    SessionRow with(@Nullable String file) {
        return new SessionRow(
                sessionId, projectId, workspaceId, userId, agentType, generation, allow, credentialId, file);
    }

    /** The workspace's proxy file; only texts that can be read are stored. */
    Optional<WorkspaceFile> file() {
        return Optional.ofNullable(workspaceFile).map(WorkspaceFile::parse);
    }

    List<String> allowed() {
        return allow.lines().filter(line -> !line.isBlank()).toList();
    }
}
