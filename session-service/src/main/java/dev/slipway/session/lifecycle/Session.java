package dev.slipway.session.lifecycle;

import dev.slipway.contracts.session.Desired;
import dev.slipway.contracts.session.SandboxLimits;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is stored.
 *
 * @param generation counts the wishes for its sandbox; 0 before the first
 * @param image what was asked for; null for the default
 * @param permissions what the session says instead of its agent: {@code ask}, {@code edits} or {@code all}
 * @param newestImage set while a newer image than the sandbox's is there
 * @param journalEpoch rises when the sandbox's volume, and its journal with it, was replaced
 */
public record Session(
        String id,
        String projectId,
        String workspaceId,
        @Nullable String agentId,
        String name,
        @Nullable String displayName,
        SessionState state,
        StatusDetail detail,
        long generation,
        Desired desired,
        Source source,
        Sandbox sandbox,
        @Nullable String model,
        @Nullable String mode,
        @Nullable String image,
        Map<String, String> env,
        SandboxLimits limits,
        @Nullable String permissions,
        @Nullable String newestImage,
        Owner owner,
        Consumption consumption,
        int journalEpoch,
        long version,
        Instant createdAt,
        Instant updatedAt,
        Instant lastActivityAt) {

    /** Where the work comes from and goes to. */
    public record Source(
            @Nullable String baseRef,
            @Nullable String branch,
            @Nullable String baseCommit,
            @Nullable String headCommit,
            @Nullable String appliedCommit) {}

    /** The image that the sandbox was really made of. */
    public record Sandbox(@Nullable String image, @Nullable String imageDigest) {}

    /** Who made it, and whose name its commits carry. */
    public record Owner(String userId, String authorName, String authorEmail) {}

    /** What all its turns took. */
    public record Consumption(long inputTokens, long outputTokens, double costUsd) {}

    /** The name to show. */
    public String shownName() {
        return displayName == null ? name : displayName;
    }
}
