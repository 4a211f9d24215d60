package dev.slipway.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.gateway.admin.InviteCodeAdministration.Stats;
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
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Invite codes, for administrators. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/admin/invite-codes")
class InviteCodeController {
    private static final int USES_MAX = 10_000;
    private static final int COUNT_MAX = 200;
    private static final int NOTE_MAX = 200;

    private final InviteCodeAdministration codes;

    InviteCodeController(InviteCodeAdministration codes) {
        this.codes = codes;
    }

    @Serdeable
    record NewCode(
            @Nullable @Min(1) @Max(USES_MAX) Integer maxUses,
            @Nullable Instant expiresAt,
            @Nullable @Size(max = NOTE_MAX) String note) {}

    @Serdeable
    record NewBatch(
            @Min(1) @Max(COUNT_MAX) int count,
            @Nullable @Min(1) @Max(USES_MAX) Integer usesPerCode,
            @Nullable Instant expiresAt,
            @Nullable @Size(max = NOTE_MAX) String note) {}

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Codes(List<InviteCode> inviteCodes, @Nullable String nextCursor) {}

    @Post
    @Status(HttpStatus.CREATED)
    InviteCode create(Admission admission, @Body @Valid NewCode body) {
        admission.requireSystemAdmin();
        int uses = Objects.requireNonNullElse(body.maxUses(), 1);
        return codes.create(admission.user().id(), 1, uses, body.expiresAt(), body.note())
                .getFirst();
    }

    @Post("/batch")
    @Status(HttpStatus.CREATED)
    Codes createBatch(Admission admission, @Body @Valid NewBatch body) {
        admission.requireSystemAdmin();
        int uses = Objects.requireNonNullElse(body.usesPerCode(), 1);
        return new Codes(codes.create(admission.user().id(), body.count(), uses, body.expiresAt(), body.note()), null);
    }

    @Get
    Codes list(
            Admission admission,
            @Nullable @QueryValue Boolean valid,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        admission.requireSystemAdmin();
        Page<InviteCode> page = codes.list(valid, Paging.position(cursor), Paging.limit(limit));
        return new Codes(page.items(), page.nextCursor());
    }

    @Get("/stats")
    Stats stats(Admission admission) {
        admission.requireSystemAdmin();
        return codes.stats();
    }

    @Post("/{id}/revoke")
    @Status(HttpStatus.NO_CONTENT)
    void revoke(Admission admission, @PathVariable String id) {
        admission.requireSystemAdmin();
        codes.revoke(id);
    }

    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    void delete(Admission admission, @PathVariable String id) {
        admission.requireSystemAdmin();
        codes.delete(id);
    }
}
