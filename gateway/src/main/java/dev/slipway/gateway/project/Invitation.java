package dev.slipway.gateway.project;

import dev.slipway.gateway.sql.Database;
import io.micronaut.serde.annotation.Serdeable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A place in a project that waits for somebody; {@code token} is told once, when it is made. */
@Serdeable
record Invitation(
        String id,
        String projectId,
        String email,
        String role,
        @Nullable String token,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant acceptedAt) {
    static Invitation read(ResultSet row) throws SQLException {
        return new Invitation(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("email"),
                row.getString("role"),
                null,
                Objects.requireNonNull(Database.instant(row, "created_at")),
                Objects.requireNonNull(Database.instant(row, "expires_at")),
                Database.instant(row, "accepted_at"));
    }

    Invitation withToken(String secret) {
        return new Invitation(id, projectId, email, role, secret, createdAt, expiresAt, acceptedAt);
    }

    @Override
    public String toString() {
        return "Invitation[" + id + "]";
    }
}
