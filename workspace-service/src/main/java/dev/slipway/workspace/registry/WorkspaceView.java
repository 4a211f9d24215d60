package dev.slipway.workspace.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A workspace as clients see it. */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
public record WorkspaceView(
        String id,
        String projectId,
        String path,
        @Nullable String displayName,
        String sourceType,
        @Nullable String credentialId,
        String status,
        @Nullable Integer progress,
        @Nullable String errorMessage,
        @Nullable String commit,
        @Nullable String branch,
        @Nullable String workDir,
        @Nullable String hostKey,
        @Nullable Integer depth,
        List<String> sparse,
        boolean submodules,
        boolean lfs,
        Instant createdAt,
        Instant updatedAt) {

    static WorkspaceView of(Workspace workspace, @Nullable String workDir) {
        return new WorkspaceView(
                workspace.id(),
                workspace.projectId(),
                workspace.path(),
                workspace.displayName(),
                workspace.sourceType().wireName(),
                workspace.credentialId(),
                workspace.status().wireName(),
                workspace.status() instanceof WorkspaceStatus.Cloning(int percent) ? percent : null,
                workspace.status() instanceof WorkspaceStatus.Failed(String message) ? message : null,
                workspace.commit(),
                workspace.branch(),
                workDir,
                workspace.hostKey(),
                workspace.options().depth(),
                workspace.options().sparse(),
                workspace.options().submodules(),
                workspace.options().lfs(),
                workspace.createdAt(),
                workspace.updatedAt());
    }

    /** A page of them. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record WorkspacePage(
            List<WorkspaceView> workspaces, @Nullable String nextCursor) {}
}
