package dev.slipway.workspace.registry;

import dev.slipway.workspace.git.Person;
import dev.slipway.workspace.source.SourceType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A workspace: one project's hold on some code.
 *
 * @param repositoryId the source that it shares its cache with
 * @param path the folder or the address
 * @param author who made it, for the first commit of an empty one
 * @param version rises with each change
 */
public record Workspace(
        String id,
        String projectId,
        String repositoryId,
        SourceType sourceType,
        String path,
        @Nullable String displayName,
        @Nullable String credentialId,
        WorkspaceStatus status,
        @Nullable String commit,
        @Nullable String branch,
        Person author,
        boolean deleteFiles,
        long version,
        Instant createdAt,
        Instant updatedAt) {}
