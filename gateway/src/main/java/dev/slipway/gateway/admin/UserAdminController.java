package dev.slipway.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.gateway.admin.UserAdministration.Change;
import dev.slipway.gateway.door.Admission;
import dev.slipway.gateway.door.EntityTags;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users of this installation, for administrators. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api/admin/users")
class UserAdminController {
    private final UserAdministration users;

    UserAdminController(UserAdministration users) {
        this.users = users;
    }

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Users(List<Account> users, @Nullable String nextCursor) {}

    @Serdeable
    record UserChange(@Nullable Boolean disabled, @Nullable String role) {
        Change checked() {
            if (role != null && !role.equals("admin") && !role.equals("user")) {
                throw ProblemException.invalid("role", role + " (expected: admin or user)");
            }
            return new Change(disabled, role == null ? null : role.equals("admin"));
        }
    }

    @Get
    Users list(
            Admission admission,
            @Nullable @QueryValue String q,
            @Nullable @QueryValue Integer limit,
            @Nullable @QueryValue String cursor) {
        admission.requireSystemAdmin();
        Page<Account> page = users.list(q, Paging.position(cursor), Paging.limit(limit));
        return new Users(page.items(), page.nextCursor());
    }

    @Get("/{id}")
    HttpResponse<Account> get(Admission admission, @PathVariable String id) {
        admission.requireSystemAdmin();
        return tagged(users.get(id));
    }

    @Patch("/{id}")
    HttpResponse<Account> change(
            Admission admission,
            @PathVariable String id,
            @Body UserChange body,
            @Nullable @Header("If-Match") String ifMatch) {
        admission.requireSystemAdmin();
        return tagged(users.change(id, body.checked(), EntityTags.version(ifMatch)));
    }

    private static HttpResponse<Account> tagged(Account account) {
        return HttpResponse.ok(account).header("ETag", EntityTags.of(account.version()));
    }
}
