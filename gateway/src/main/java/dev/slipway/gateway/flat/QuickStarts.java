package dev.slipway.gateway.flat;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.Identities;
import dev.slipway.gateway.user.SecretHash;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A workspace, a session and a token for it, in one go. The workspace of a repository is made once and used again. */
@Singleton
class QuickStarts {
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final WorkspaceFinder workspaces;
    private final Peers peers;
    private final Identities identities;
    private final Database database;
    private final Clock clock;

    QuickStarts(WorkspaceFinder workspaces, Peers peers, Identities identities, Database database, Clock clock) {
        this.workspaces = workspaces;
        this.peers = peers;
        this.identities = identities;
        this.database = database;
        this.clock = clock;
    }

    /** Where the session's WebSockets are. */
    @Serdeable
    record Sockets(String pty, String events) {}

    /**
     * A start.
     *
     * @param token an API token of the scope {@code write}, told once; null where there is no login
     */
    @Serdeable
    record Started(
            String sessionId,
            String projectId,
            String workspaceId,
            @Nullable String token,
            Sockets ws,
            String apiBase,
            Instant expiresAt) {
        @Override
        public String toString() {
            return "Started[" + sessionId + "]";
        }
    }

    /** What is kept of a start. */
    @Serdeable
    record Kept(String id, String repo, Instant createdAt, Instant expiresAt) {}

    Started start(Admission home, String repository, @Nullable String label) {
        String workspace = workspaces.find(home, repository).orElseGet(() -> make(home, repository, label));
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("workspaceId", workspace);
        if (label != null) {
            wanted.put("name", label);
        }
        String session = String.valueOf(
                peers.post(home, Peers.SESSIONS, "sessions", wanted).get("id"));
        Instant expires = clock.instant().plus(LIFETIME);
        String token = identities.anonymous() ? null : token(home.user().id(), session, expires);
        database.change(
                "INSERT INTO quick_start (session_id, project_id, repo, expires_at) VALUES (?, ?, ?, ?) "
                        + "ON CONFLICT DO NOTHING",
                session,
                home.project(),
                repository,
                expires);
        String query = "?sessionId=" + session;
        return new Started(
                session,
                home.project(),
                workspace,
                token,
                new Sockets("/ws/pty" + query, "/ws/events" + query),
                "/api/projects/" + home.project(),
                expires);
    }

    Kept get(Admission inside, String session) {
        return database.first(
                        "SELECT * FROM quick_start WHERE session_id = ? AND project_id = ?",
                        row -> new Kept(
                                row.getString("session_id"),
                                row.getString("repo"),
                                Objects.requireNonNull(Database.instant(row, "created_at")),
                                Objects.requireNonNull(Database.instant(row, "expires_at"))),
                        session,
                        inside.project())
                .orElseThrow(() -> ProblemException.notFound("session"));
    }

    private String make(Admission home, String repository, @Nullable String label) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("path", repository);
        wanted.put("sourceType", repository.startsWith("/") ? "local" : "git");
        if (label != null) {
            wanted.put("displayName", label);
        }
        return String.valueOf(
                peers.post(home, Peers.WORKSPACES, "workspaces", wanted).get("id"));
    }

    private String token(String user, String session, Instant expires) {
        String secret = Identities.TOKEN_PREFIX + SecretHash.newSecret();
        database.change(
                "INSERT INTO api_token (id, account_id, name, token_hash, scopes, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                Ids.text(),
                user,
                "session " + session,
                SecretHash.of(secret),
                "write",
                expires);
        return secret;
    }
}
