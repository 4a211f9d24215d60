package dev.slipway.gateway.user;

import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.Visitor.Scope;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A user's own API tokens. The token itself is told once, when it is made. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/tokens")
class TokenController {
    private final Database database;

    TokenController(Database database) {
        this.database = database;
    }

    @Serdeable
    record NewToken(
            @NotBlank @Size(max = 100) String name,
            @Nullable List<String> scopes,
            @Nullable Instant expiresAt) {}

    @Serdeable
    record TokenView(
            String id,
            String name,
            List<String> scopes,
            @Nullable String token,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt) {}

    @Serdeable
    record Tokens(List<TokenView> tokens, @Nullable String nextCursor) {}

    @Get
    Tokens list(Admission admission, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        admission.requireAccountScope();
        int size = Paging.limit(limit);
        @Nullable String after = Paging.position(cursor);
        Page<TokenView> page = Paging.page(
                database.list(
                        "SELECT * FROM api_token WHERE account_id = ? AND id > ? ORDER BY id LIMIT ?",
                        row -> new TokenView(
                                row.getString("id"),
                                row.getString("name"),
                                List.of(row.getString("scopes")),
                                null,
                                Objects.requireNonNull(Database.instant(row, "created_at")),
                                Database.instant(row, "expires_at"),
                                Database.instant(row, "last_used_at")),
                        admission.user().id(),
                        after == null ? "" : after,
                        size + 1),
                size,
                TokenView::id);
        return new Tokens(page.items(), page.nextCursor());
    }

    @Post
    @Status(HttpStatus.CREATED)
    TokenView create(Admission admission, @Body @Valid NewToken body) {
        admission.requireAccountScope();
        String scope = scope(body.scopes());
        String id = Ids.text();
        String secret = Identities.TOKEN_PREFIX + SecretHash.newSecret();
        database.change(
                "INSERT INTO api_token (id, account_id, name, token_hash, scopes, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                admission.user().id(),
                body.name(),
                SecretHash.of(secret),
                scope,
                body.expiresAt());
        return new TokenView(id, body.name(), List.of(scope), secret, Instant.now(), body.expiresAt(), null);
    }

    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(Admission admission, @PathVariable String id) {
        admission.requireAccountScope();
        if (database.change(
                        "DELETE FROM api_token WHERE account_id = ? AND id = ?",
                        admission.user().id(),
                        id)
                == 0) {
            throw ProblemException.notFound("token");
        }
    }

    /** The widest of those named; they contain one another. */
    private static String scope(@Nullable List<String> names) {
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
}
