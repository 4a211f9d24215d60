package dev.slipway.workspace.access;

import dev.slipway.kit.id.Ids;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a remote is reached.
 *
 * @param doorId the session's name at mitm-proxy; {@code workspace-<id>} while the workspace's cache is held
 * @param workspaceId the workspace; {@code new} before there is one
 * @param userId whose personal credentials may be used
 * @param credentialId the one credential that may be used; null for none
 * @param hostKey the keys that the host may show, one {@code type base64} a line; null if none is known
 */
public record Errand(
        String projectId,
        String doorId,
        String workspaceId,
        String userId,
        @Nullable String credentialId,
        @Nullable String hostKey) {

    /** The errand of a workspace, one at a time. */
    public static Errand of(
            String projectId,
            String workspaceId,
            String userId,
            @Nullable String credentialId,
            @Nullable String hostKey) {
        return new Errand(projectId, "workspace-" + workspaceId, workspaceId, userId, credentialId, hostKey);
    }

    /** The same errand with another credential, or with none in particular: then all may be used that the user may. */
    public Errand with(@Nullable String otherCredentialId) {
        return new Errand(projectId, doorId, workspaceId, userId, otherCredentialId, hostKey);
    }

    /** The same errand with a door of its own, for what happens beside others. */
    public Errand apart() {
        String beside = "workspace-" + Ids.text();
        return new Errand(projectId, beside, workspaceId, userId, credentialId, hostKey);
    }
}
