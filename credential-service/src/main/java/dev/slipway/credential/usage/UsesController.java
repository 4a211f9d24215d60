package dev.slipway.credential.usage;

import dev.slipway.credential.store.Credential;
import dev.slipway.credential.store.CredentialLookup;
import dev.slipway.kit.identity.Caller;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which sessions used a credential. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/internal/projects/{project}/credentials/{provider}/uses")
class UsesController {
    private final CredentialLookup lookup;
    private final UseStore uses;

    UsesController(CredentialLookup lookup, UseStore uses) {
        this.lookup = lookup;
        this.uses = uses;
    }

    @Get
    UseList list(
            String project,
            String provider,
            @QueryValue @Nullable Boolean personal,
            @QueryValue @Nullable Integer limit,
            @QueryValue @Nullable String cursor,
            Caller caller) {
        Credential found = lookup.toSee(project, provider, personal, caller);
        int size = Paging.limit(limit);
        Paging.Page<UseStore.Use> page = Paging.page(
                uses.list(found.id(), position(Paging.position(cursor)), size + 1),
                size,
                use -> use.lastUsedAt() + " " + use.sessionId());
        return new UseList(page.items().stream().map(UseView::of).toList(), page.nextCursor());
    }

    private static UseStore.@Nullable Position position(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        String[] parts = cursor.split(" ", 2);
        try {
            return new UseStore.Position(Instant.parse(parts[0]), parts.length < 2 ? "" : parts[1]);
        } catch (DateTimeException _) {
            throw ProblemException.invalid(
                    "cursor", "not a cursor of this list (expected: nextCursor of the page before)");
        }
    }

    /** What one session did with the credential. */
    @Serdeable
    record UseView(String sessionId, long useCount, Instant firstUsedAt, Instant lastUsedAt) {
        static UseView of(UseStore.Use use) {
            return new UseView(use.sessionId(), use.useCount(), use.firstUsedAt(), use.lastUsedAt());
        }
    }

    /** A page of them, the latest use first. */
    @Serdeable
    record UseList(List<UseView> uses, @Nullable String nextCursor) {}
}
