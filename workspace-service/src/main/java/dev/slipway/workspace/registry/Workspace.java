package dev.slipway.workspace.registry;

import dev.slipway.workspace.access.Errand;
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
 * @param userId who made it: the one whose personal credentials serve what nobody asks for, such as looking for news
 * @param hostKey for ssh: the keys that the host may show, given or seen the first time; null if none is known
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
        String userId,
        @Nullable String hostKey,
        CloneOptions options,
        boolean deleteFiles,
        long version,
        Instant createdAt,
        Instant updatedAt) {
    /** What goes to the remote by itself, on behalf of who made the workspace. */
    public Errand errand() {
        return errand(userId);
    }

    /** What goes to the remote on behalf of a user. */
    public Errand errand(String user) {
        return Errand.of(projectId, id, user, credentialId, hostKey);
    }
}
