package dev.slipway.session.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session as clients see it. */
@Serdeable
@JsonInclude(JsonInclude.Include.ALWAYS)
record SessionView(
        String id,
        String projectId,
        String workspaceId,
        @Nullable String agentId,
        String name,
        @Nullable String displayName,
        String status,
        StatusDetail statusDetail,
        @Nullable String errorMessage,
        String commitStatus,
        @Nullable String baseCommit,
        @Nullable String headCommit,
        @Nullable String appliedCommit,
        @Nullable String branch,
        @Nullable String image,
        @Nullable String imageDigest,
        @Nullable String model,
        @Nullable String mode,
        @Nullable String permissions,
        boolean updateAvailable,
        UsageView usage,
        Instant createdAt,
        Instant updatedAt,
        Instant lastActivityAt,
        Urls urls) {
    static SessionView of(Session session) {
        Session.Source source = session.source();
        boolean applied = source.appliedCommit() != null;
        return new SessionView(
                session.id(),
                session.projectId(),
                session.workspaceId(),
                session.agentId(),
                session.name(),
                session.displayName(),
                session.state().status(),
                session.detail(),
                session.state() instanceof SessionState.Failed(String reason) ? reason : null,
                applied ? "completed" : "",
                source.baseCommit(),
                source.headCommit(),
                source.appliedCommit(),
                source.branch(),
                session.sandbox().image() == null
                        ? session.image()
                        : session.sandbox().image(),
                session.sandbox().imageDigest(),
                session.model(),
                session.mode(),
                session.permissions(),
                session.newestImage() != null,
                UsageView.of(session.consumption()),
                session.createdAt(),
                session.updatedAt(),
                session.lastActivityAt(),
                Urls.of(session));
    }

    /** What all turns took. */
    @Serdeable
    record UsageView(long inputTokens, long outputTokens, double costUsd) {
        static UsageView of(Session.Consumption used) {
            return new UsageView(used.inputTokens(), used.outputTokens(), used.costUsd());
        }
    }

    /** Where its parts are reached at the gateway. */
    @Serdeable
    record Urls(String agent, String files, String terminal, String previews) {
        static Urls of(Session session) {
            String project = "/api/projects/" + session.projectId();
            String own = project + "/sessions/" + session.id();
            return new Urls(
                    project + "/chat/" + session.id() + "/stream",
                    own + "/files",
                    own + "/terminal/ws",
                    "/preview/" + session.id());
        }
    }

    /** A page of sessions. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SessionList(List<SessionView> sessions, @Nullable String nextCursor) {}
}
