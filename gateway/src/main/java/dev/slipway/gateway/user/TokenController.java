package dev.slipway.gateway.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A user's own API tokens. The token itself is told once, when it is made. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/tokens")
class TokenController {
    private final TokenService tokens;

    TokenController(TokenService tokens) {
        this.tokens = tokens;
    }

    @Serdeable
    record NewToken(
            @NotBlank @Size(max = 100) String name,
            @Nullable List<String> scopes,
            @Nullable Instant expiresAt) {}

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Tokens(List<TokenView> tokens, @Nullable String nextCursor) {}

    @Get
    Tokens list(Admission admission, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        admission.requireAccountScope();
        int size = Paging.limit(limit);
        String after = Objects.requireNonNullElse(Paging.position(cursor), "");
        Page<TokenView> page = Paging.page(tokens.list(admission.user().id(), after, size + 1), size, TokenView::id);
        return new Tokens(page.items(), page.nextCursor());
    }

    @Post
    @Status(HttpStatus.CREATED)
    TokenView create(Admission admission, @Body @Valid NewToken body) {
        admission.requireAccountScope();
        return tokens.create(admission.user().id(), body.name(), body.scopes(), body.expiresAt());
    }

    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(Admission admission, @PathVariable String id) {
        admission.requireAccountScope();
        tokens.delete(admission.user().id(), id);
    }
}
