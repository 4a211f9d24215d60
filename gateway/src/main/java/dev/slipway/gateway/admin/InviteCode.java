package dev.slipway.gateway.admin;

import dev.slipway.gateway.sql.Database;
import io.micronaut.serde.annotation.Serdeable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An invite code as administrators see it.
 *
 * @param code the code itself, only in the answer that makes it
 * @param valid whether somebody can still register with it
 */
@Serdeable
record InviteCode(
        String id,
        @Nullable String code,
        @Nullable String note,
        int maxUses,
        int usesRemaining,
        boolean valid,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {
    /** Whether a code can still be used. */
    static final String VALID =
            "(revoked_at IS NULL AND uses < uses_max AND (expires_at IS NULL OR expires_at > now()))";

    static final String COLUMNS = "*, " + VALID + " AS valid";

    static InviteCode read(ResultSet row) throws SQLException {
        int most = row.getInt("uses_max");
        return new InviteCode(
                row.getString("id"),
                null,
                row.getString("note"),
                most,
                most - row.getInt("uses"),
                row.getBoolean("valid"),
                row.getString("created_by"),
                Objects.requireNonNull(Database.instant(row, "created_at")),
                Database.instant(row, "expires_at"),
                Database.instant(row, "revoked_at"));
    }

    InviteCode withCode(String secret) {
        return new InviteCode(
                id, secret, note, maxUses, usesRemaining, valid, createdBy, createdAt, expiresAt, revokedAt);
    }

    @Override
    public String toString() {
        return "InviteCode[" + id + "]";
    }
}
