package dev.slipway.gateway.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.gateway.door.Admission;
import dev.slipway.kit.identity.Role;
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
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A project's members and invitations. */
@ExecuteOn(TaskExecutors.BLOCKING)
@Controller("/api")
class MemberController {
    private final MemberService members;

    MemberController(MemberService members) {
        this.members = members;
    }

    @Serdeable
    record NewRole(@NotBlank String role) {}

    @Serdeable
    record NewInvitation(
            @NotBlank @Email String email, @Nullable String role) {}

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Members(List<Member> members, @Nullable String nextCursor) {}

    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Invitations(
            List<Invitation> invitations, @Nullable String nextCursor) {}

    @Get("/projects/{project}/members")
    Members list(Admission admission, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        Page<Member> page = members.list(admission.project(), Paging.position(cursor), Paging.limit(limit));
        return new Members(page.items(), page.nextCursor());
    }

    @Put("/projects/{project}/members/{userId}")
    @Status(HttpStatus.NO_CONTENT)
    void setRole(Admission admission, @PathVariable String userId, @Body @Valid NewRole body) {
        admission.require(Role.ADMIN);
        members.setRole(admission.project(), userId, role(body.role()), admission.role());
    }

    /** Who is no admin may remove nobody but himself. */
    @Delete("/projects/{project}/members/{userId}")
    @Status(HttpStatus.NO_CONTENT)
    void remove(Admission admission, @PathVariable String userId) {
        if (!userId.equals(admission.user().id())) {
            admission.require(Role.ADMIN);
        }
        members.remove(admission.project(), userId, admission.role());
    }

    @Get("/projects/{project}/invitations")
    Invitations invitations(
            Admission admission, @Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        admission.require(Role.ADMIN);
        Page<Invitation> page = members.invitations(admission.project(), Paging.position(cursor), Paging.limit(limit));
        return new Invitations(page.items(), page.nextCursor());
    }

    @Post("/projects/{project}/invitations")
    @Status(HttpStatus.CREATED)
    Invitation invite(Admission admission, @Body @Valid NewInvitation body) {
        admission.require(Role.ADMIN);
        Role role = body.role() == null ? Role.MEMBER : role(body.role());
        return members.invite(
                admission.project(),
                body.email(),
                role,
                admission.role(),
                admission.user().id());
    }

    @Delete("/projects/{project}/invitations/{id}")
    @Status(HttpStatus.NO_CONTENT)
    void withdraw(Admission admission, @PathVariable String id) {
        admission.require(Role.ADMIN);
        members.withdraw(admission.project(), id);
    }

    @Post("/invitations/{token}/accept")
    Member accept(Admission admission, @PathVariable String token) {
        return members.accept(admission.user(), token);
    }

    private static Role role(String name) {
        return switch (name) {
            case "owner" -> Role.OWNER;
            case "admin" -> Role.ADMIN;
            case "member" -> Role.MEMBER;
            default -> throw ProblemException.invalid("role", name + " (expected: owner, admin or member)");
        };
    }
}
