package dev.slipway.gateway.user;

import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A user's logins: where they are, and their end. With a login its cookie, access and refresh tokens end at once. */
@Singleton
class LoginSessions {
    private final Database database;
    private final Clock clock;

    LoginSessions(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Transactional
    Page<LoginSession> list(Visitor visitor, @Nullable String after, int limit) {
        List<LoginSession> rows = database.list(
                "SELECT * FROM login_session WHERE account_id = ? AND expires_at > ? AND id > ? ORDER BY id LIMIT ?",
                row -> new LoginSession(
                        row.getString("id"),
                        row.getString("provider"),
                        row.getString("user_agent"),
                        row.getString("address"),
                        row.getString("id").equals(visitor.credential()),
                        Objects.requireNonNull(Database.instant(row, "created_at")),
                        Objects.requireNonNull(Database.instant(row, "expires_at"))),
                visitor.user().id(),
                clock.instant(),
                after == null ? "" : after,
                limit + 1);
        return Paging.page(rows, limit, LoginSession::id);
    }

    @Transactional
    void end(String userId, String sessionId) {
        if (database.change("DELETE FROM login_session WHERE account_id = ? AND id = ?", userId, sessionId) == 0) {
            throw ProblemException.notFound("login session");
        }
        database.change("DELETE FROM refresh_token WHERE family = ?", sessionId);
    }

    /** Ends all of a user's logins but the one that asks. */
    @Transactional
    void endOthers(Visitor visitor) {
        String kept = Objects.requireNonNullElse(visitor.credential(), "");
        database.change(
                "DELETE FROM login_session WHERE account_id = ? AND id <> ?",
                visitor.user().id(),
                kept);
        database.change(
                "DELETE FROM refresh_token WHERE account_id = ? AND family <> ?",
                visitor.user().id(),
                kept);
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "7m")
    void sweep() {
        database.change("DELETE FROM login_session WHERE expires_at < ?", clock.instant());
        database.change("DELETE FROM refresh_token WHERE expires_at < ?", clock.instant());
    }
}
