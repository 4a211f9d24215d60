package dev.slipway.gateway.project;

import dev.slipway.gateway.sql.Database;
import io.micronaut.serde.annotation.Serdeable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Somebody who belongs to a project. */
@Serdeable
record Member(
        String id,
        String projectId,
        String userId,
        String role,
        @Nullable String email,
        String name,
        @Nullable Instant invitedAt,
        Instant acceptedAt) {
    static Member read(ResultSet row) throws SQLException {
        String user = row.getString("account_id");
        return new Member(
                user,
                row.getString("project_id"),
                user,
                row.getString("role"),
                row.getString("email"),
                row.getString("display_name"),
                Database.instant(row, "invited_at"),
                Objects.requireNonNull(Database.instant(row, "accepted_at")));
    }
}
