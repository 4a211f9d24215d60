package dev.slipway.gateway.admin;

import dev.slipway.gateway.sql.Database;
import dev.slipway.gateway.user.SecretHash;
import dev.slipway.kit.id.Ids;
import dev.slipway.kit.paging.Paging;
import dev.slipway.kit.paging.Paging.Page;
import dev.slipway.kit.problem.ProblemException;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes invite codes and takes them back. A code is told once; what is kept of it is its hash. */
@Singleton
class InviteCodeAdministration {
    private final Database database;
    private final Clock clock;

    InviteCodeAdministration(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** How many codes there are, how many of them can still be used, and how many registrations those allow. */
    @Serdeable
    record Stats(long total, long valid, long revoked, long uses, long usesRemaining) {}

    /** Makes codes that are alike, all or none. */
    @Transactional
    List<InviteCode> create(String by, int count, int uses, @Nullable Instant expiresAt, @Nullable String note) {
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw ProblemException.invalid("expiresAt", expiresAt + " (expected: a time to come)");
        }
        List<InviteCode> made = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String id = Ids.text();
            String code = SecretHash.newSecret();
            database.change("""
                    INSERT INTO invite_code (id, code_hash, note, uses_max, created_by, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, id, SecretHash.of(code), note, uses, by, expiresAt);
            made.add(get(id).withCode(code));
        }
        return made;
    }

    /** Codes in the order of their making; {@code valid} null for all. */
    @Transactional
    Page<InviteCode> list(@Nullable Boolean valid, @Nullable String after, int limit) {
        List<InviteCode> rows = database.list(
                "SELECT " + InviteCode.COLUMNS + " FROM invite_code WHERE id > ? AND (?::boolean IS NULL OR "
                        + InviteCode.VALID + " = ?) ORDER BY id LIMIT ?",
                InviteCode::read,
                after == null ? "" : after,
                valid,
                valid,
                limit + 1);
        return Paging.page(rows, limit, InviteCode::id);
    }

    @Transactional
    Stats stats() {
        return database.first(
                        "SELECT count(*) AS total, count(*) FILTER (WHERE " + InviteCode.VALID + ") AS valid, "
                                + "count(revoked_at) AS revoked, coalesce(sum(uses), 0) AS used, "
                                + "coalesce(sum(uses_max - uses) FILTER (WHERE " + InviteCode.VALID
                                + "), 0) AS remaining FROM invite_code",
                        row -> new Stats(
                                row.getLong("total"),
                                row.getLong("valid"),
                                row.getLong("revoked"),
                                row.getLong("used"),
                                row.getLong("remaining")))
                .orElseThrow();
    }

    /** Nobody registers with it any more; who has, stays. A second time changes nothing. */
    @Transactional
    void revoke(String id) {
        if (database.change(
                        "UPDATE invite_code SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", clock.instant(), id)
                == 0) {
            throw ProblemException.notFound("invite code");
        }
    }

    @Transactional
    void delete(String id) {
        if (database.change("DELETE FROM invite_code WHERE id = ?", id) == 0) {
            throw ProblemException.notFound("invite code");
        }
    }

    private InviteCode get(String id) {
        return database.first("SELECT " + InviteCode.COLUMNS + " FROM invite_code WHERE id = ?", InviteCode::read, id)
                .orElseThrow();
    }
}
