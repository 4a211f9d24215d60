package dev.slipway.gateway.user;

import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.Visitor.Scope;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes and forgets API tokens. Only a token's hash is kept. */
@Singleton
class TokenService {
    private final Database database;

    TokenService(Database database) {
        this.database = database;
    }

    /** A user's tokens after this id, in the order of their ids, which is that of their making. */
    List<TokenView> list(String user, String after, int limit) {
        return database.list(
                "SELECT * FROM api_token WHERE account_id = ? AND id > ? ORDER BY id LIMIT ?",
                TokenService::read,
                user,
                after,
                limit);
    }

    TokenView create(String user, String name, @Nullable List<String> scopes, @Nullable Instant expiresAt) {
        String scope = widest(scopes);
        String id = Ids.text();
        String secret = Identities.TOKEN_PREFIX + SecretHash.newSecret();
        database.change(
                "INSERT INTO api_token (id, account_id, name, token_hash, scopes, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                user,
                name,
                SecretHash.of(secret),
                scope,
                expiresAt);
        return new TokenView(id, name, List.of(scope), secret, Instant.now(), expiresAt, null);
    }

    void delete(String user, String id) {
        if (database.change("DELETE FROM api_token WHERE account_id = ? AND id = ?", user, id) == 0) {
            throw ProblemException.notFound("token");
        }
    }

    /** The widest of those named; they contain one another. */
    private static String widest(@Nullable List<String> names) {
        Scope widest = Scope.READ;
        for (String name : names == null ? List.of("write") : names) {
            if (!List.of("read", "write", "admin").contains(name)) {
                throw ProblemException.invalid("scopes", name + " (expected: read, write or admin)");
            }
            Scope scope = Scope.valueOf(name.toUpperCase(Locale.ROOT));
            widest = scope.compareTo(widest) > 0 ? scope : widest;
        }
        return widest.name().toLowerCase(Locale.ROOT);
    }

    private static TokenView read(ResultSet row) throws SQLException {
        return new TokenView(
                row.getString("id"),
                row.getString("name"),
                List.of(row.getString("scopes")),
                null,
                Objects.requireNonNull(Database.instant(row, "created_at")),
                Database.instant(row, "expires_at"),
                Database.instant(row, "last_used_at"));
    }
}
