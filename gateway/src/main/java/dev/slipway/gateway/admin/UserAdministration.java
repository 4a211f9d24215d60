package dev.slipway.gateway.admin;

import dev.slipway.gateway.sql.Database;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.http.HttpStatus;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists users, disables them, and makes administrators. One administrator who can log in is always left. */
@Singleton
class UserAdministration {
    private final Database database;
    private final Clock clock;

    UserAdministration(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What is to change; null for what stays. */
    record Change(@Nullable Boolean disabled, @Nullable Boolean admin) {}

    /** Users in the order of their making; with {@code q} those whose name or address holds it. */
    @Transactional
    Page<Account> list(@Nullable String q, @Nullable String after, int limit) {
        List<Account> rows = database.list("""
                SELECT * FROM account
                WHERE id > ? AND (?::text IS NULL OR position(lower(?) IN lower(username || ' ' || coalesce(email, ''))) > 0)
                ORDER BY id LIMIT ?
                """, Account::read, after == null ? "" : after, q, q, limit + 1);
        return Paging.page(rows, limit, Account::id);
    }

    @Transactional
    Account get(String id) {
        return database.first("SELECT * FROM account WHERE id = ?", Account::read, id)
                .orElseThrow(() -> ProblemException.notFound("user"));
    }

    /** Changes a user; with a version, only that one. Who is disabled is logged out at once, wherever. */
    @Transactional
    Account change(String id, Change change, @Nullable Long version) {
        // Two administrators who demote each other at the same moment would leave none.
        database.change("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE");
        Account present = get(id);
        if (version != null && version != present.version()) {
            throw ProblemException.of(
                    HttpStatus.PRECONDITION_FAILED, "stale", "The user was changed since you read it. Read it again.");
        }
        boolean disabled = Objects.requireNonNullElse(change.disabled(), present.disabled());
        boolean admin =
                Objects.requireNonNullElse(change.admin(), present.role().equals("admin"));
        keepAnAdministrator(id, admin && !disabled);
        database.change("""
                UPDATE account SET system_admin = ?, version = version + 1,
                    disabled_at = CASE WHEN ? THEN coalesce(disabled_at, ?) END
                WHERE id = ?
                """, admin, disabled, clock.instant(), id);
        if (disabled) {
            database.change("DELETE FROM login_session WHERE account_id = ?", id);
            database.change("DELETE FROM refresh_token WHERE account_id = ?", id);
        }
        return get(id);
    }

    private void keepAnAdministrator(String id, boolean stays) {
        boolean others = database.first(
                        "SELECT 1 FROM account WHERE system_admin AND disabled_at IS NULL AND id <> ? LIMIT 1",
                        row -> row.getInt(1),
                        id)
                .isPresent();
        if (!stays && !others) {
            throw ProblemException.conflict(
                    "last-admin", "This is the last administrator. Make someone else one first.");
        }
    }
}
