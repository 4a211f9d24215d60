package dev.slipway.gateway.project;

import dev.slipway.contracts.gateway.ProjectEvent.MemberChanged;
import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.SecretHash;
import dev.slipway.gateway.user.User;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.identity.Role;
import dev.slipway.kit.outbox.Outbox;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who belongs to a project, and how somebody comes to. */
@Singleton
public class MemberService {
    private static final Duration INVITATION_LIFETIME = Duration.ofDays(7);

    private final Database database;
    private final Outbox outbox;
    private final Clock clock;

    MemberService(Database database, Outbox outbox, Clock clock) {
        this.database = database;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    Page<Member> list(String projectId, @Nullable String after, int limit) {
        List<Member> rows = database.list("""
                SELECT m.*, a.email, a.display_name FROM member m JOIN account a ON a.id = m.account_id
                WHERE m.project_id = ? AND m.account_id > ?
                ORDER BY m.account_id LIMIT ?
                """, Member::read, projectId, after == null ? "" : after, limit + 1);
        return Paging.page(rows, limit, Member::userId);
    }

    /** Gives a member another role. Only an owner makes or unmakes owners; the last owner stays one. */
    @Transactional
    void setRole(String projectId, String userId, Role role, Role actor) {
        Role present = lockedRole(projectId, userId);
        requireOwnerFor(actor, present, role);
        keepAnOwner(projectId, present, role);
        database.change(
                "UPDATE member SET role = ? WHERE project_id = ? AND account_id = ?",
                role.wireName(),
                projectId,
                userId);
        outbox.append(projectId, projectId, new MemberChanged(userId, role.wireName()));
    }

    /** Removes a member, or lets one leave. */
    @Transactional
    void remove(String projectId, String userId, Role actor) {
        Role present = lockedRole(projectId, userId);
        requireOwnerFor(actor, present, Role.MEMBER);
        keepAnOwner(projectId, present, null);
        database.change("DELETE FROM member WHERE project_id = ? AND account_id = ?", projectId, userId);
        outbox.append(projectId, projectId, new MemberChanged(userId, null));
    }

    @Transactional
    Page<Invitation> invitations(String projectId, @Nullable String after, int limit) {
        List<Invitation> rows = database.list(
                "SELECT * FROM invitation WHERE project_id = ? AND accepted_at IS NULL AND id > ? ORDER BY id LIMIT ?",
                Invitation::read,
                projectId,
                after == null ? "" : after,
                limit + 1);
        return Paging.page(rows, limit, Invitation::id);
    }

    /** Invites whoever has this e-mail address. Only an owner invites owners. */
    @Transactional
    Invitation invite(String projectId, String email, Role role, Role actor, String by) {
        requireOwnerFor(actor, role, role);
        String secret = SecretHash.newSecret();
        String id = Ids.text();
        database.change(
                """
                INSERT INTO invitation (id, project_id, email, role, token_hash, created_by, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                id,
                projectId,
                email.strip().toLowerCase(Locale.ROOT),
                role.wireName(),
                SecretHash.of(secret),
                by,
                clock.instant().plus(INVITATION_LIFETIME));
        return database.first("SELECT * FROM invitation WHERE id = ?", Invitation::read, id)
                .orElseThrow()
                .withToken(secret);
    }

    @Transactional
    void withdraw(String projectId, String invitationId) {
        if (database.change("DELETE FROM invitation WHERE project_id = ? AND id = ?", projectId, invitationId) == 0) {
            throw ProblemException.notFound("invitation");
        }
    }

    /** Takes up an invitation: 404 if it is not for this user, 410 if it was used or has expired. */
    @Transactional
    Member accept(User user, String token) {
        Invitation found = database.first(
                        "SELECT * FROM invitation WHERE token_hash = ? FOR UPDATE",
                        Invitation::read,
                        SecretHash.of(token))
                .filter(invitation -> invitation.email().equalsIgnoreCase(user.email()))
                .orElseThrow(() -> ProblemException.notFound("invitation"));
        if (found.acceptedAt() != null || found.expiresAt().isBefore(clock.instant())) {
            throw ProblemException.of(
                    HttpStatus.GONE, "gone", "This invitation was used or has expired. Ask for a new one.");
        }
        database.change("UPDATE invitation SET accepted_at = now() WHERE id = ?", found.id());
        database.change("""
                INSERT INTO member (project_id, account_id, role, invited_at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """, found.projectId(), user.id(), found.role(), found.createdAt());
        Member member =
                database.first("""
                        SELECT m.*, a.email, a.display_name FROM member m JOIN account a ON a.id = m.account_id
                        WHERE m.project_id = ? AND m.account_id = ?
                        """, Member::read, found.projectId(), user.id()).orElseThrow();
        // Who was a member before has kept its role.
        outbox.append(found.projectId(), found.projectId(), new MemberChanged(user.id(), member.role()));
        return member;
    }

    /** The member's role; the project's row is locked, so that two owners cannot leave at the same moment. */
    private Role lockedRole(String projectId, String userId) {
        database.list("SELECT id FROM project WHERE id = ? FOR UPDATE", row -> row.getString(1), projectId);
        return database.first(
                        "SELECT role FROM member WHERE project_id = ? AND account_id = ?",
                        row -> Role.of(row.getString(1)),
                        projectId,
                        userId)
                .orElseThrow(() -> ProblemException.notFound("member"));
    }

    private static void requireOwnerFor(Role actor, Role before, Role after) {
        if ((before == Role.OWNER || after == Role.OWNER) && actor != Role.OWNER) {
            throw ProblemException.forbidden("Only an owner may make, change or remove an owner.");
        }
    }

    private void keepAnOwner(String projectId, Role before, @Nullable Role after) {
        if (before != Role.OWNER || after == Role.OWNER) {
            return;
        }
        int owners = database.first(
                        "SELECT count(*) FROM member WHERE project_id = ? AND role = 'owner'",
                        row -> row.getInt(1),
                        projectId)
                .orElse(0);
        if (owners < 2) {
            throw ProblemException.conflict(
                    "last-owner", "This is the project's last owner. Make someone else an owner first.");
        }
    }
}
