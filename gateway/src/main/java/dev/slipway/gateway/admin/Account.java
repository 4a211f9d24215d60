package dev.slipway.gateway.admin;

import dev.slipway.gateway.sql.Database;
import io.micronaut.serde.annotation.Serdeable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A user as administrators see it; {@code role} is {@code admin} or {@code user}. */
@Serdeable
record Account(
        String id,
        String username,
        @Nullable String email,
        boolean emailVerified,
        String displayName,
        String role,
        boolean disabled,
        long version,
        Instant createdAt,
        @Nullable Instant lastLoginAt) {
    static Account read(ResultSet row) throws SQLException {
        return new Account(
                row.getString("id"),
                row.getString("username"),
                row.getString("email"),
                Database.instant(row, "email_verified_at") != null,
                row.getString("display_name"),
                row.getBoolean("system_admin") ? "admin" : "user",
                Database.instant(row, "disabled_at") != null,
                row.getLong("version"),
                Objects.requireNonNull(Database.instant(row, "created_at")),
                Database.instant(row, "last_login_at"));
    }
}
